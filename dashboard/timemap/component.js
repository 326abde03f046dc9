// The Streamlit component of the map: tells Python the view on release and what was picked.
// The filters' mask comes by another, small component, so that the columns are sent only once.

const SYNC_DELAY_MS = 150;
// Where a run ends as another is asked for, Streamlit (1.67, app_session.py) drops what the first
// had to say; the view is told again until Python says that it was heard.
const ANSWER_MS = 1200, MOST_TIMES = 8;
const mounted = new WeakMap();

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const host = parentElement.querySelector(".mihwar-host");
  const shared = MihwarShared();
  let state = mounted.get(host);
  const mask = () => (shared.masks.get(data.channel)?.version === data.version ? shared.masks.get(data.channel).mask : null);
  if (!state) {
    const later = { timer: 0, answer: 0 };
    let told = shared.heard.get(data.channel) || 0;
    // Only where the page says what it heard, and never while the window is dragged.
    const unheard = () => shared.heard.has(data.channel) && shared.heard.get(data.channel) < told && !shared.dragging;
    const tell = (value, times) => {
      told += 1;
      shared.toldAt = Date.now();
      setStateValue("view", { ...value, version: state.version, told });
      clearTimeout(later.answer);
      later.answer = setTimeout(() => { if (unheard() && times < MOST_TIMES) tell(value, times + 1); }, ANSWER_MS);
    };
    const panel = MihwarPanel.create(host, {
      data: data.columns,
      base: MIHWAR_BASE,
      words: data.words,
      lang: data.lang,
      view: data.view,
      tiles: data.tiles,
      compact: data.compact,
      bounds: data.bounds,
      mask: mask(),
      onState(value) {
        if (data.compact) return;
        clearTimeout(later.timer);
        later.timer = setTimeout(() => tell(value, 1), SYNC_DELAY_MS);
      },
      onPick(place) {
        if (data.compact) return;
        shared.toldAt = Date.now();
        setTriggerValue("pick", { ...place, version: state.version });
      },
      onDrag(on) { shared.dragging = on; },
    });
    const kept = shared.masks.get(data.channel);
    if (kept?.version === data.version) panel.setCounted(kept.counted);
    state = { panel, version: data.version, later };
    mounted.set(host, state);
    shared.panels.set(data.channel, state);
  } else {
    // The same data again leaves the viewer's map as it is.
    if (state.version !== data.version) {
      state.version = data.version;
      state.panel.setData(data.columns, mask());
    }
    state.panel.setTiles(data.tiles);
    state.panel.paint();
  }
  return () => {
    clearTimeout(state.later.timer);
    clearTimeout(state.later.answer);
    state.panel.remove();
    mounted.delete(host);
    if (shared.panels.get(data.channel) === state) shared.panels.delete(data.channel);
  };
}
