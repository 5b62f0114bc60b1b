// The behaviours of govuk-frontend that Billet uses, as one self-contained script.
import { createAll } from 'govuk-frontend/dist/govuk/init.mjs'
import { isSupported } from 'govuk-frontend/dist/govuk/common/index.mjs'
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs'
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { NotificationBanner } from 'govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs'
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs'
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs'
import { ServiceNavigation } from 'govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs'
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs'
import { Tabs } from 'govuk-frontend/dist/govuk/components/tabs/tabs.mjs'

const components = [
  Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios,
  ServiceNavigation, SkipLink, Tabs
]

// The class marks support; the library normally sets it from an inline script, which our CSP forbids.
document.body.classList.add('js-enabled', 'govuk-frontend-supported')

// Content that htmx swaps in is started too; what runs already raises InitError, which is no fault.
function report (error) {
  if (error.name !== 'InitError') console.error(error)
}

function start (scope) {
  if (!isSupported()) return
  for (const component of components) createAll(component, {}, { scope, onError: report })
}

start(document)
document.addEventListener('htmx:load', (event) => start(event.detail.elt))
