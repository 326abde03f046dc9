// A small component beside the map: hands it the filters' mask, and now and then asks Python whether
// there is anything new, but not while the viewer drags, nor while nobody looks.

const timers = new WeakMap();

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const shared = MihwarShared();
  if (data.mask !== undefined) {
    shared.masks.set(data.channel, { mask: data.mask, version: data.version });
    const state = shared.panels.get(data.channel);
    if (state && state.version === data.version) state.panel.setMask(data.mask);
  }
  if (data.every_s && !timers.has(parentElement)) {
    const ask = () => { if (!shared.dragging && !document.hidden) setTriggerValue("look", Date.now()); };
    timers.set(parentElement, setInterval(ask, data.every_s * 1000));
  }
  return () => {
    clearInterval(timers.get(parentElement));
    timers.delete(parentElement);
  };
}
