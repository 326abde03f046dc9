// The frame around the layer: base map, tools, time line, legend.
// Text from articles is set with textContent only, never as markup.

function makeMihwarPanel(L, parts) {
  const { layers, counting, grounds, pictures, areas, timelines } = parts;
  const element = mihwarElement;
  const LAYER_NAMES = ["marks", "labels", "control", "front", "others", "roads", "regions", "uncertainty", "density"];
  const ATTRIBUTION = "Natural Earth · © OpenStreetMap contributors (ODbL) · OCHA · GeoNames · airportsdata";

  // Light or dark, from the colour behind the map.
  function themeOf(host) {
    const style = getComputedStyle(host);
    const ground = style.getPropertyValue("--st-background-color").trim() || style.getPropertyValue("--mihwar-ground").trim() || "#ffffff";
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = ground;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
    return dark
      ? { dark, sea: "#17202a", land: "#2a2f36", border: "#6b7580", text: "#f2f4f7", soft: "#c3cad3", faint: "#9aa5b1", halo: "#1d2228", radius: "#f2c14e", road: "#6d6757", region: "#7fb3c8", glow: "#ff9d5c" }
      : { dark, sea: "#dbe7ef", land: "#f7f4ec", border: "#a99f8b", text: "#1f2933", soft: "#47525e", faint: "#4f5864", halo: "#ffffff", radius: "#b45309", road: "#cbbf9f", region: "#2f7390", glow: "#d9480f" };
  }

  function makeBase(map, base, colors) {
    const renderer = L.canvas({ padding: 0.3 });
    const land = L.geoJSON(base.land, { renderer, interactive: false, style: { fillColor: colors.land, fillOpacity: 1, color: colors.border, weight: 1 } }).addTo(map);
    const borders = L.geoJSON(base.borders, { renderer, interactive: false, style: { color: colors.border, weight: 1, dashArray: "5 4", fill: false } }).addTo(map);
    return { land, borders, paint(c) { land.setStyle({ fillColor: c.land, color: c.border }); borders.setStyle({ color: c.border }); } };
  }

  function signOf(id, color) {
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "-9 -9 18 18");
    picture.setAttribute("class", "mihwar-sign");
    picture.setAttribute("aria-hidden", "true");
    const disc = document.createElementNS(picture.namespaceURI, "circle");
    disc.setAttribute("r", "8.5");
    disc.setAttribute("fill", color);
    picture.appendChild(disc);
    if (layers.SIGNS[id]) {
      const sign = document.createElementNS(picture.namespaceURI, "path");
      sign.setAttribute("d", layers.SIGNS[id]);
      sign.setAttribute("fill", "#fff");
      sign.setAttribute("fill-rule", "evenodd");
      picture.appendChild(sign);
    }
    return picture;
  }

  // What the squares and lines say of who holds what.
  function groundLegend(legend, ground, view, words) {
    if (!ground || !(view.layers.includes("control") || view.layers.includes("front"))) return;
    element("span", "mihwar-legend-title", legend, words.held_end);
    const entry = (className, color, name) => {
      const item = element("span", "mihwar-legend-item", legend);
      const box = element("i", "mihwar-square " + className, item);
      if (color) box.style.setProperty("--mihwar-side", color);
      element("span", "", item, name);
    };
    for (const side of ground.sides) entry("", side.color, side.name);
    if (view.layers.includes("control")) {
      entry("mihwar-square-both", "", words.contested);
      entry("mihwar-square-old", "", words.stale);
      entry("mihwar-square-unknown", "", words.holder_unknown);
    }
    if (view.layers.includes("front")) { entry("mihwar-square-front", "", words.front_here); entry("mihwar-square-advance", "", words.advance_here); }
    if (view.layers.includes("others") && ground.others.text.length) entry("mihwar-square-other", "", words.others_here);
  }

  function makeLegend(host, counts, ground, view, words) {
    const legend = element("div", "mihwar-legend", host);
    groundLegend(legend, ground, view, words);
    if (!view.layers.includes("marks") && !view.layers.includes("density")) return legend;
    element("span", "mihwar-legend-title", legend, words[view.color === "type" ? "legend_type" : "speaker"]);
    for (const kind of counts.categories(view.color)) {
      const item = element("span", "mihwar-legend-item", legend);
      item.appendChild(signOf(view.color === "type" ? kind.id : "", kind.color));
      element("span", "", item, kind.name);
    }
    return legend;
  }

  function makeTools(host, view, words, does) {
    const tools = element("div", "mihwar-tools", host);
    tools.setAttribute("role", "toolbar");
    tools.setAttribute("aria-label", words.tools);
    const menu = element("details", "mihwar-menu", tools);
    element("summary", "", menu, words.layers);
    const list = element("div", "mihwar-menu-list", menu);
    for (const name of LAYER_NAMES) {
      const row = element("label", "", list);
      const box = element("input", "", row);
      box.type = "checkbox";
      box.checked = view.layers.includes(name);
      box.addEventListener("change", () => {
        view.layers = LAYER_NAMES.filter((n) => (n === name ? box.checked : view.layers.includes(n)));
        does.redraw();
      });
      element("span", "", row, words["map_layer." + name]);
    }
    // Focus that leaves the open menu, by a click or a key, closes it.
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    host.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.firstChild.focus(); } });
    const colors = element("select", "mihwar-choice", tools);
    colors.setAttribute("aria-label", words.color_by);
    for (const name of ["side", "type"]) element("option", "", colors, words["color." + name]).value = name;
    colors.value = view.color;
    colors.addEventListener("change", () => { view.color = colors.value; does.recolor(); });
    const button = (icon, name, act) => {
      const made = element("button", "mihwar-tool", tools);
      made.appendChild(mihwarIcon(icon));
      made.type = "button";
      made.title = name;
      made.setAttribute("aria-label", name);
      made.addEventListener("click", () => act(made));
      return made;
    };
    if (!does.area) return tools;
    button("box", words.draw_box, () => does.area().begin("box"));
    button("polygon", words.draw_polygon, () => does.area().begin("polygon"));
    const clear = button("clear", words.clear_area, () => does.area().clear());
    clear.classList.add("mihwar-clear");
    button("link", words.copy_link, (made) => does.copy(made));
    button("picture", words.save_picture, () => does.picture());
    return tools;
  }

  // options: {data, base, words, lang, view, tiles, mask, map, compact, onState, onPick, onDrag}
  function create(host, options) {
    const { words, compact } = options, lang = options.lang || "en";
    const view = { mode: "window", by: "event", color: "side", layers: ["marks", "labels", "roads", "control", "front", "others"], area: [], at: null, ...options.view };
    let ground = grounds.create(options.data.ground), counts = counting.create(options.data), colors = themeOf(host), muted = false, counted = words.count;
    counts.setMask(options.mask || null);
    const root = element("div", "mihwar", host);
    root.dir = lang === "ar" ? "rtl" : "ltr";
    const does = {
      redraw() { layer.redraw(); relegend(); tell(); },
      recolor() { timeline.recount(); layer.refresh(); relegend(); tell(); },
      area: compact || options.still ? null : () => area,
      copy(made) { navigator.clipboard.writeText(link()).then(() => { made.replaceChildren(mihwarIcon("done")); setTimeout(() => made.replaceChildren(mihwarIcon("link")), 1500); }); },
      picture() {
        // Isolated: among Arabic words 2020-06-10 would be set as 10-06-2020.
        const days = view.window.map((day) => `\u2066${timelines.iso(day)}\u2069`).join(" – ");
        pictures.save({ map, base: options.base, layer, layers: view.layers, colors, rtl: lang === "ar", attribution: ATTRIBUTION,
          title: `${words.title} · ${days} · ${counted.replace("{n}", layer.shown())}`, legend: counts.categories(view.color) }, `mihwar-${view.window.map(timelines.iso).join("-")}.png`);
      },
    };
    if (!compact) makeTools(root, view, words, does);
    // A map that is there already (folium's, in a notebook) is taken into the panel.
    const frame = options.map ? options.map.getContainer() : element("div", "", root);
    if (options.map) { root.appendChild(frame); frame.removeAttribute("style"); }
    frame.classList.add("mihwar-map");
    frame.classList.toggle("mihwar-small", Boolean(compact));
    frame.style.background = colors.sea;
    frame.dir = "ltr";
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", words.map_label);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = options.map || L.map(frame, { zoomSnap: 0.25, minZoom: 3, maxZoom: 15, attributionControl: true, zoomAnimation: !still, fadeAnimation: !still, inertia: !still });
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(ATTRIBUTION);
    L.control.scale({ imperial: false }).addTo(map);
    map.invalidateSize({ animate: false });
    if (view.at) map.setView([view.at[0], view.at[1]], view.at[2], { animate: false });
    else map.fitBounds(options.bounds || [[30.2, 10.5], [33.2, 20.5]], { animate: false });
    const base = makeBase(map, options.base, colors);
    let tiles = null;
    const layer = layers.create(counts, colors, view);
    layer.addTo(map);
    layer.setGround(ground);
    layer.setRings(options.rings || []);
    const area = areas.create(map, {
      style: () => ({ color: colors.radius, weight: 2, dashArray: "6 4", fillColor: colors.radius, fillOpacity: 0.06 }),
      onDone(points) { view.area = points; root.classList.toggle("mihwar-has-area", points.length > 2); tell(); },
      onMute(value) { muted = value; },
    });
    area.show(view.area);
    root.classList.toggle("mihwar-has-area", view.area.length > 2);
    const count = element("div", "mihwar-count", frame);
    count.dir = "auto";
    count.setAttribute("aria-live", "polite");
    const tip = element("div", "mihwar-tip", frame);
    tip.hidden = true;
    tip.dir = "auto";

    let frameAsked = 0;
    function moved() {
      // One count a frame, however fast the pointer is.
      if (frameAsked) return;
      frameAsked = requestAnimationFrame(() => { frameAsked = 0; refresh(); });
    }
    function refresh() {
      layer.refresh();
      count.textContent = counted.replace("{n}", layer.shown());
    }
    const state = () => ({ window: view.window, mode: view.mode, by: view.by, color: view.color, layers: view.layers, area: view.area, at: view.at });
    const tell = () => { if (options.onState) options.onState(state()); };
    const timeline = timelines.create(root, { counts, words, lang, view, onMove: moved, onRelease: () => { refresh(); tell(); }, onDrag: options.onDrag || (() => {}) });
    let legend = makeLegend(root, counts, ground, view, words);
    function relegend() { legend.remove(); legend = makeLegend(root, counts, ground, view, words); }

    function link() {
      const url = new URL(location.href);
      url.searchParams.set("from", timelines.iso(view.window[0]));
      url.searchParams.set("to", timelines.iso(view.window[1]));
      if (view.at) url.searchParams.set("at", view.at.join(","));
      return url.href;
    }
    const percent = (share) => `\u2066${share} %\u2069`;
    // Who holds a place, how sure that is, and how old the last claim.
    function holderText(held) {
      if (held.state === 3) return words.holder_unknown;
      const name = held.state === 2 ? words.contested : ground.sides[held.state].name + " " + percent(held.share);
      const age = held.inferred ? words.inferred : held.age > 9000 ? words.told_later : words.told_before.replace("{n}", held.age);
      return words.held_by + " " + name + " · " + age;
    }
    function groundTip({ line, held, other }) {
      tip.replaceChildren();
      if (other) {
        element("bdi", "mihwar-tip-name", tip, other.text[0]);
        for (const line of other.text.slice(1)) element("div", "", tip, line).dir = "auto";
        return;
      }
      if (held) { element("bdi", "mihwar-tip-name", tip, held.place.name); element("div", "", tip, holderText(held)); return; }
      element("bdi", "mihwar-tip-name", tip, words.front_between);
      line.names.forEach((name, at) => {
        const row = element("div", "", tip);
        row.appendChild(signOf("", ground.sides[line.sides[at]].color));
        element("bdi", "", row, name + " · " + ground.sides[line.sides[at]].name);
      });
      element("div", "mihwar-faint", tip, words.both_ends.replace("{n}", percent(line.share)) + " · " + words.km.replace("{km}", line.km));
    }
    function placeTip(point) {
      const right = point.x > map.getSize().x / 2;
      tip.style.left = right ? "auto" : point.x + 14 + "px";
      tip.style.right = right ? map.getSize().x - point.x + 14 + "px" : "auto";
      tip.style.top = Math.max(4, point.y - 10) + "px";
    }
    function showTip({ at, other, point }) {
      tip.hidden = (at < 0 && !other) || muted;
      if (tip.hidden) return;
      if (at < 0) { groundTip(other); placeTip(point); return; }
      const about = layer.about(at);
      tip.replaceChildren();
      element("bdi", "mihwar-tip-name", tip, about.name + " · " + about.total);
      for (const part of about.parts.slice(0, 4)) {
        const row = element("div", "", tip);
        row.appendChild(signOf(view.color === "type" ? part.id : "", part.color));
        element("bdi", "", row, part.name + " " + part.count);
      }
      if (about.late) element("div", "mihwar-faint", tip, words.late.replace("{n}", about.late));
      const held = view.layers.includes("control") ? layer.heldAt(at) : null;
      if (held) element("div", "mihwar-faint", tip, holderText(held));
      placeTip(point);
    }
    function setTiles(wanted) {
      if (wanted && !tiles) {
        tiles = L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", { maxZoom: 19, attribution: "© OpenStreetMap contributors" }).addTo(map);
        base.land.setStyle({ fillOpacity: 0, weight: 0 });
      } else if (!wanted && tiles) {
        tiles.remove();
        tiles = null;
        base.land.setStyle({ fillOpacity: 1, weight: 1 });
      }
    }
    function paint() {
      colors = themeOf(host);
      frame.style.background = colors.sea;
      root.classList.toggle("mihwar-dark", colors.dark);
      base.paint(colors);
      layer.setColors(colors);
      timeline.paint(colors);
    }
    layer.on("pick", (event) => { if (!muted && options.onPick) options.onPick({ place: event.place, site: event.site ?? -1, front: event.front || "" }); });
    layer.on("hover", showTip);
    map.on("moveend", () => {
      const c = map.getCenter();
      const at = [Number(c.lat.toFixed(3)), Number(c.lng.toFixed(3)), Number(map.getZoom().toFixed(2))];
      if (view.at && at.every((v, i) => v === view.at[i])) return;
      const begun = view.at !== null;
      view.at = at;
      if (begun || options.view?.at) tell();
    });
    frame.addEventListener("keydown", (event) => {
      // By place on the keyboard: on an Arabic one the same keys write other letters.
      const by = { KeyN: 1, KeyP: -1 }[event.code];
      if (by && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); layer.step(by); }
    });
    const watcher = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    watcher.observe(frame);
    const emptiness = () => root.classList.toggle("mihwar-empty", !counts.rows);
    emptiness();
    timeline.recount();
    refresh();
    setTiles(options.tiles);
    paint();
    return {
      map, layer, timeline, view, setTiles, paint, root,
      // For tests: the front of a day, as it is drawn.
      frontOn(day) { return ground ? ground.front(day) : []; },
      // For measuring: the window as a drag sets it.
      setWindow(value) { view.window = value; timeline.place(); refresh(); },
      // What the number is of: mentions, or events.
      setCounted(text) { counted = text; refresh(); },
      setMask(mask) { counts.setMask(mask); timeline.recount(); refresh(); },
      setData(next, mask) {
        ground = grounds.create(next.ground);
        counts = counting.create(next);
        counts.setMask(mask || null);
        emptiness();
        timeline.setCounts(counts);
        layer.setCounts(counts);
        layer.setGround(ground);
        relegend();
        refresh();
        tell();
      },
      remove() { cancelAnimationFrame(frameAsked); watcher.disconnect(); timeline.remove(); map.remove(); root.remove(); },
    };
  }

  return { create };
}
