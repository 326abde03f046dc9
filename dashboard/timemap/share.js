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
  MihwarPanel.element("h1", "mihwar-title", host, shared.words.title);
  MihwarPanel.element("p", "mihwar-tagline", host, shared.words.tagline);
  const place = MihwarPanel.element("div", "", host);
  const hint = MihwarPanel.element("p", "mihwar-hint", host, shared.words.evidence_hint);
  const below = MihwarPanel.element("div", "mihwar-evidence", host);
  MihwarPanel.element("p", "mihwar-hint", host, shared.left_out);
  let picked = -1, days = [shared.columns.first_day, shared.columns.last_day];
  const show = () => {
    const behind = shared.evidence.filter((e) => e.site === picked && e.day >= days[0] && e.day <= days[1]);
    behind.sort((a, b) => b.day - a.day);
    hint.hidden = behind.length > 0;
    MihwarPanel.showEvidence(below, behind, shared.words);
  };
  const panel = MihwarPanel.create(place, {
    map, data: shared.columns, base: MIHWAR_BASE, words: shared.words, window: days, tiles: false,
    onRelease(value) { days = value; show(); },
    onPick(site) { picked = site; show(); },
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", panel.paint);
}
