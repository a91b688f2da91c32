'use strict';
// What is only convenience: every page works without this file.

/** A button beside each setting that puts it on the clipboard. */
for (const list of document.querySelectorAll('dl.settings')) {
  if (!navigator.clipboard) break;
  for (const value of list.querySelectorAll('dd > code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = list.dataset.copy;
    button.setAttribute('aria-label', `${list.dataset.copy}: ${value.textContent}`);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(value.textContent);
      button.textContent = list.dataset.copied;
    });
    value.parentElement.append(button);
  }
}

/** A form is sent once, however often the button is pressed. */
for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button')) button.disabled = true;
  });
}

// A page that the browser brings back as it was left can be sent again.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) for (const button of document.querySelectorAll('form button')) button.disabled = false;
});
