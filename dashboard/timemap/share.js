// The page of a shared map: heading, map, evidence; data is read from a block of base64.

function mihwarShow(map, id) {
  const packed = document.getElementById(id).textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const shared = JSON.parse(new TextDecoder().decode(bytes));
  const host = document.createElement("main");
  host.className = "mihwar-share";
  host.dir = shared.dir;
  document.documentElement.lang = shared.lang;
  map.getContainer().before(host);
  mihwarElement("h1", "mihwar-title", host, shared.words.title);
  mihwarElement("p", "mihwar-tagline", host, shared.words.tagline);
  const place = mihwarElement("div", "", host);
  const hint = mihwarElement("p", "mihwar-hint", host, shared.words.evidence_hint);
  const below = mihwarElement("div", "mihwar-evidence", host);
  mihwarElement("p", "mihwar-hint", host, shared.left_out);
  let picked = { place: -1, site: -1 }, state = null;
  const show = () => {
    const { window: days, by, mode } = state;
    const inside = (e) => { const day = by === "report" ? e.reported : e.day; return (mode === "cumulative" || day >= days[0]) && day <= days[1]; };
    const behind = shared.evidence.filter((e) => (picked.site >= 0 ? e.site === picked.site : e.place_row === picked.place) && inside(e));
    behind.sort((a, b) => b.day - a.day);
    hint.hidden = behind.length > 0;
    MihwarCards.showEvidence(below, behind, shared.words);
  };
  const view = shared.view;
  state = { ...view };
  const panel = MihwarPanel.create(place, {
    map, data: shared.columns, base: MIHWAR_BASE, words: shared.words, lang: shared.lang, view, tiles: false, still: true,
    onState(value) { state = value; show(); },
    onPick(what) { picked = what; show(); },
  });
  if (shared.play && !matchMedia("(prefers-reduced-motion: reduce)").matches) panel.timeline.play(shared.play);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", panel.paint);
}
