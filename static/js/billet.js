// Small comforts. Every page works without this file.
(function () {
  'use strict'

  // A second click must not send a form twice. The server is safe against it all the same: the
  // form carries an idempotency key. The button stays enabled in the DOM so that its own name and
  // value are still sent and the focus stays where it is.
  function onSubmit (event) {
    const form = event.target
    const button = event.submitter || form.querySelector('[data-disable-on-submit]')
    if (!button || !button.hasAttribute('data-disable-on-submit')) return
    if (form.dataset.sending) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return
    }
    form.dataset.sending = 'true'
    button.setAttribute('aria-disabled', 'true')
    if (button.dataset.working) {
      button.dataset.label = button.textContent
      button.textContent = button.dataset.working
    }
  }

  function release (form) {
    delete form.dataset.sending
    form.querySelectorAll('[data-disable-on-submit]').forEach(function (button) {
      button.removeAttribute('aria-disabled')
      if (button.dataset.label) button.textContent = button.dataset.label
    })
  }

  document.addEventListener('submit', onSubmit, true)

  // Going back shows the page as it was left: give its buttons back.
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) document.querySelectorAll('form[data-sending]').forEach(release)
  })
  document.addEventListener('htmx:afterRequest', function (event) {
    const form = event.target.closest && event.target.closest('form[data-sending]')
    if (form) release(form)
  })

  // htmx leaves 4xx answers aside by default; ours carry the form with its errors and belong in
  // the page.
  document.addEventListener('htmx:beforeSwap', function (event) {
    if ([409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true
      event.detail.isError = false
    }
  })
})()
