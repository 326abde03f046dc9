// Evidence: the sentences behind a mark, and a report with its places marked. All of it is text.

function makeMihwarCards(element) {
  // Pieces of text, each with the names of what is marked in it.
  function marked(host, pieces, titles) {
    for (const [text, kind] of pieces) {
      const piece = element(kind ? "mark" : "span", kind ? "mihwar-mark mihwar-mark-" + kind.replace(/[^a-z-]/g, "") : "", host, text);
      if (kind && titles[kind]) piece.title = titles[kind];
    }
  }

  function card(host, item, words, titles) {
    const made = element("article", "mihwar-card", host);
    const head = element("header", "", made);
    element("bdi", "mihwar-place", head, item.place);
    element("span", "mihwar-date", head, item.date);
    for (const tag of item.tags) element("span", "mihwar-tag mihwar-tag-" + tag.kind, head, tag.text);
    const quote = element("p", "mihwar-sentence", made);
    quote.dir = "auto";
    quote.lang = item.lang;
    marked(quote, item.pieces, titles);
    const facts = element("dl", "", made);
    for (const [label, value] of item.facts) {
      element("dt", "", facts, label);
      element("bdi", "", element("dd", "", facts), value);
    }
    const foot = element("footer", "", made);
    if (item.report) {
      const link = element("a", "mihwar-report", foot, words.open_report);
      // Filters and window go along, so that the way back leads to the same view.
      const here = new URLSearchParams(location.search);
      here.set("report", item.report);
      here.set("lang", words.lang);
      link.href = "reports?" + here.toString();
      link.target = "_self";
    }
    if (item.url) {
      const link = element("a", "", foot, words.open_source);
      link.href = item.url;  // http and https only: checked where the evidence is made
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    return made;
  }

  // What each side says of an event, a column each; what differs is marked.
  function versions(host, event, words) {
    for (const badge of event.badges) element("span", "mihwar-badge mihwar-badge-" + badge.kind, host, badge.text);
    if (!event.rows.length) return;
    const frame = element("div", "mihwar-versions", host);
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", words.versions_head);
    const table = element("table", "", frame);
    element("caption", "", table, words.versions_head);
    const head = element("tr", "", element("thead", "", table));
    element("td", "", head);
    for (const column of event.columns) {
      const cell = element("th", "", head);
      cell.scope = "col";
      const dot = element("b", "", cell);
      dot.style.background = column.color;
      element("bdi", "", cell, column.name);
      element("small", "", cell, column.claims);
    }
    const body = element("tbody", "", table);
    for (const row of event.rows) {
      const line = element("tr", row.differs ? "mihwar-differs" : "", body);
      const label = element("th", "", line, row.label + (row.differs ? " ≠" : ""));
      label.scope = "row";
      for (const cell of row.cells) element("td", "", line, cell || "–").dir = "auto";
    }
  }

  // Cards, those of one event under its heading.
  function showEvidence(host, evidence, words) {
    host.replaceChildren();
    const titles = { place: words.place, trigger: words.act, actor: words.actor, date: words.date };
    let group = null, box = host;
    for (const item of evidence) {
      if (item.group !== group) {
        group = item.group;
        box = element("section", "mihwar-group", host);
        if (item.heading) element("h3", "mihwar-group-head", box, item.heading).dir = "auto";
        if (item.event) versions(box, item.event, words);
      }
      card(box, item, words, titles);
    }
  }

  // The whole report, its places marked by role.
  function showReport(host, report) {
    host.replaceChildren();
    const body = element("div", "mihwar-body", host);
    body.dir = "auto";
    body.lang = report.lang;
    marked(body, report.pieces, report.titles);
    const legend = element("p", "mihwar-legend", host);
    for (const [role, name] of report.roles) element("mark", "mihwar-mark mihwar-mark-" + role.replace(/[^a-z-]/g, ""), legend, name);
  }

  return { showEvidence, showReport };
}
