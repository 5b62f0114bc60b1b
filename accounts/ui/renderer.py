"""FORM_RENDERER: every Django form comes out in the design system's markup."""

from django.forms.renderers import TemplatesSetting


class DesignSystemRenderer(TemplatesSetting):
    # Only the form and field templates are ours: the admin draws its widgets with Django's own
    # templates, which stay as they are.
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    formset_template_name = "components/formset.html"
