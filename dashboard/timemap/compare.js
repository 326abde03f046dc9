// Two maps side by side, a day each, that move together.

const pairs = new WeakMap();

export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement.querySelector(".mihwar-pair");
  let pair = pairs.get(host);
  if (pair && (pair.version !== data.version || String(pair.days) !== String(data.days))) { pair.remove(); pair = null; }
  if (!pair) {
    pair = makePair(host, data);
    pairs.set(host, pair);
  }
  for (const panel of pair.panels) panel.paint();
  return () => { pair.remove(); pairs.delete(host); };
}

function makePair(host, data) {
  host.dir = data.lang === "ar" ? "rtl" : "ltr";
  const panels = data.days.map((day, at) => {
    const box = mihwarElement("figure", "mihwar-one", host);
    mihwarElement("figcaption", "", box, data.titles[at]);
    return MihwarPanel.create(box, {
      data: data.columns, base: MIHWAR_BASE, words: data.words, lang: data.lang, compact: true, tiles: false, mask: null,
      bounds: data.bounds, rings: data.changed,
      view: { window: [day, day], mode: "window", by: "event", color: "side", layers: ["labels", "control", "front", "roads"], area: [], at: null },
    });
  });
  // One leads, the other follows, without leading in its turn.
  let following = false;
  panels.forEach((panel, at) => panel.map.on("move", () => {
    if (following) return;
    following = true;
    const other = panels[1 - at].map;
    other.setView(panel.map.getCenter(), panel.map.getZoom(), { animate: false });
    following = false;
  }));
  // The first was made while it had the whole width.
  for (const panel of panels) panel.map.invalidateSize({ animate: false });
  if (data.bounds) panels[0].map.fitBounds(data.bounds, { animate: false, padding: [18, 18] });
  return { panels, version: data.version, days: data.days, remove() { for (const panel of panels) panel.remove(); host.replaceChildren(); } };
}
