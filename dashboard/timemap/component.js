// The Streamlit component: mounts the panel, tells Python the window on release and what was picked.

const SYNC_DELAY_MS = 150;
const mounted = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const host = parentElement.querySelector(".mihwar-host");
  let state = mounted.get(host);
  if (!state) {
    const later = { timer: 0 };
    const panel = MihwarPanel.create(host, {
      data: data.columns,
      base: MIHWAR_BASE,
      words: data.words,
      window: data.window,
      tiles: data.tiles,
      onRelease(value) {
        clearTimeout(later.timer);
        later.timer = setTimeout(() => setStateValue("window", value), SYNC_DELAY_MS);
      },
      onPick(site) { setTriggerValue("pick", site); },
    });
    state = { panel, version: data.version, later };
    mounted.set(host, state);
  } else {
    // The same data again leaves the viewer's map as it is.
    if (state.version !== data.version) {
      state.version = data.version;
      state.panel.setData(data.columns);
    }
    state.panel.setTiles(data.tiles);
    state.panel.paint();
  }
  return () => {
    clearTimeout(state.later.timer);
    state.panel.remove();
    mounted.delete(host);
  };
}
