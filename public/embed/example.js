import { folioscope } from './folioscope-embed.js';

const view = folioscope(document.querySelector('iframe'));
const said = document.getElementById('said');

const tell = ({ at, last, model, says, broken, lesson }) => {
  const beat = lesson ? ` Beat ${lesson.beat} of ${lesson.beats}: ${lesson.heading}.` : '';
  said.textContent = `${model}, step ${at} of ${last}. ${says}${broken === '' ? '' : ` Broken: ${broken}.`}${beat}`;
};
view.onStep(tell);
void view.ready.then(tell);

const calls = {
  back: () => view.step(-1),
  next: () => view.step(),
  pipe: () => view.goto('child@vmsplice.end'),
  leak: () => view.goto('end'),
  fixed: () => view.load('#/s/vmsplice-leak?model=v5.9&at=end'),
  lesson: () => view.load('#/l/vmsplice-leak?beat=3'),
  beat: async () => {
    const { lesson } = await view.state();
    return view.beat((lesson?.beat ?? 0) + 1);
  },
};
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => {
    calls[button.dataset.call]().catch((error) => (said.textContent = error.message));
  });
}
