import { folioscope } from './folioscope-embed.js';

const view = folioscope(document.querySelector('iframe'));
const said = document.getElementById('said');

const tell = ({ at, last, model, says, broken }) => {
  said.textContent = `${model}, step ${at} of ${last}. ${says}${broken === '' ? '' : ` Broken: ${broken}.`}`;
};
view.onStep(tell);
void view.ready.then(tell);

const calls = {
  back: () => view.step(-1),
  next: () => view.step(),
  pipe: () => view.goto('child@vmsplice.end'),
  leak: () => view.goto('end'),
  fixed: () => view.load('#/s/vmsplice-leak?model=v5.9&at=end'),
};
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => {
    calls[button.dataset.call]().catch((error) => (said.textContent = error.message));
  });
}
