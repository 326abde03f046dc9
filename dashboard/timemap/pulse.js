// A small component beside the map: hands it the filters' mask, and now and then asks Python whether
// there is anything new, but not while the viewer drags, nor while nobody looks.

const QUIET_MS = 3000;
const timers = new WeakMap();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const shared = MihwarShared();
  if (data.mask !== undefined) {
    shared.masks.set(data.channel, { mask: data.mask, version: data.version, counted: data.counted });
    const state = shared.panels.get(data.channel);
    shared.heard.set(data.channel, data.heard);
    if (state && state.version === data.version) { state.panel.setCounted(data.counted); state.panel.setMask(data.mask); }
  }
  if (data.run !== undefined) shared.run = data.run;
  if (data.every_s && !timers.has(parentElement)) {
    // Nor while an answer is on its way: a run that ends as another begins loses its answer.
    const busy = () => shared.dragging || document.hidden || Date.now() - shared.toldAt < QUIET_MS || document.querySelector('[data-test-script-state="running"]');
    const ask = () => { if (!busy()) setTriggerValue("look", { at: Date.now(), run: shared.run }); };
    timers.set(parentElement, setInterval(ask, data.every_s * 1000));
  }
  return () => {
    clearInterval(timers.get(parentElement));
    timers.delete(parentElement);
  };
}
