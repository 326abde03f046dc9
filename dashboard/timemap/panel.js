// The frame around the layer: base map, date window with two handles, legend, evidence.
// Text from articles is set with textContent only, never as markup.

function makeMihwarPanel(L, layers) {
  const DAY_MS = 86400000;
  const iso = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

  function element(tag, className, parent, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    if (parent) parent.appendChild(made);
    return made;
  }

  // Light or dark, from the colour behind the map.
  function themeOf(host) {
    const style = getComputedStyle(host);
    const ground = style.getPropertyValue("--st-background-color").trim() || "#ffffff";
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = ground;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
    return dark
      ? { dark, sea: "#17202a", land: "#2a2f36", border: "#6b7580", text: "#f2f4f7", faint: "#9aa5b1", halo: "#1d2228", radius: "#f2c14e" }
      : { dark, sea: "#dbe7ef", land: "#f7f4ec", border: "#a99f8b", text: "#1f2933", faint: "#6b7280", halo: "#ffffff", radius: "#b45309" };
  }

  function makeBase(map, base, colors) {
    const renderer = L.canvas({ padding: 0.3 });
    const land = L.geoJSON(base.land, { renderer, interactive: false, style: { fillColor: colors.land, fillOpacity: 1, color: colors.border, weight: 1 } });
    const borders = L.geoJSON(base.borders, { renderer, interactive: false, style: { color: colors.border, weight: 1, dashArray: "5 4", fill: false } });
    land.addTo(map);
    borders.addTo(map);
    return { land, borders, paint(c) { land.setStyle({ fillColor: c.land, color: c.border }); borders.setStyle({ color: c.border }); } };
  }

  function makeSlider(host, data, words, onMove, onRelease) {
    const box = element("div", "mihwar-time", host);
    box.dir = "ltr";  // time runs from left to right in both languages
    const shown = element("div", "mihwar-window", box);
    const track = element("div", "mihwar-track", box);
    const bars = element("canvas", "mihwar-bars", track);
    bars.setAttribute("aria-hidden", "true");
    const inputs = ["first", "last"].map((which) => {
      const input = element("input", "mihwar-handle mihwar-" + which, track);
      input.type = "range";
      input.min = data.first_day;
      input.max = data.last_day;
      input.step = 1;
      input.setAttribute("aria-label", words[which + "_day"]);
      return input;
    });
    const ends = element("div", "mihwar-ends", box);
    element("span", "", ends, iso(data.first_day));
    element("span", "", ends, iso(data.last_day));
    let counts = [], colors = null;

    const value = () => inputs.map((input) => Number(input.value));
    function tell() {
      const [first, last] = value();
      inputs.forEach((input) => input.setAttribute("aria-valuetext", iso(input.value)));
      shown.textContent = first === last ? iso(first) : iso(first) + " – " + iso(last);
      drawBars();
    }
    function set([first, last]) { inputs[0].value = first; inputs[1].value = last; tell(); }
    function drawBars() {
      const ratio = window.devicePixelRatio || 1, width = track.clientWidth, height = bars.clientHeight || 36;
      if (!width || !colors) return;
      bars.width = width * ratio; bars.height = height * ratio;
      const pen = bars.getContext("2d");
      pen.scale(ratio, ratio);
      const days = data.last_day - data.first_day + 1, inner = width - 16;
      const columns = Math.max(1, Math.min(days, Math.floor(inner / 3)));
      const sums = new Float64Array(columns);
      for (const [day, count] of counts) sums[Math.min(columns - 1, Math.floor((day - data.first_day) / days * columns))] += count;
      const most = Math.max(1, ...sums), [first, last] = value();
      for (let i = 0; i < columns; i++) {
        if (!sums[i]) continue;
        const day = data.first_day + (i + 0.5) / columns * days;
        pen.fillStyle = day >= first && day <= last + 1 ? colors.radius : colors.faint;
        pen.globalAlpha = day >= first && day <= last + 1 ? 0.9 : 0.35;
        const tall = Math.max(2, sums[i] / most * (height - 4));
        pen.fillRect(8 + i / columns * inner, height - tall, Math.max(1.5, inner / columns - 1), tall);
      }
      pen.globalAlpha = 1;
    }
    inputs.forEach((input, index) => {
      input.addEventListener("input", () => {
        // The handles push each other along, they never cross.
        const [first, last] = value();
        if (first > last) inputs[1 - index].value = input.value;
        tell();
        onMove(value());
      });
      input.addEventListener("change", () => onRelease(value()));
    });
    const watcher = new ResizeObserver(drawBars);
    watcher.observe(track);
    return {
      set, value,
      setCounts(days) { counts = days; drawBars(); },
      setBounds(next) { data = next; inputs.forEach((i) => { i.min = next.first_day; i.max = next.last_day; }); ends.children[0].textContent = iso(next.first_day); ends.children[1].textContent = iso(next.last_day); },
      paint(c) { colors = c; drawBars(); },
      remove() { watcher.disconnect(); box.remove(); },
    };
  }

  function makeLegend(host, sides, words) {
    const legend = element("div", "mihwar-legend", host);
    legend.dir = "auto";
    element("span", "mihwar-legend-title", legend, words.speaker);
    for (const side of sides) {
      const item = element("span", "mihwar-legend-item", legend);
      element("i", "", item).style.background = side.color;
      element("span", "", item, side.name);
    }
    return legend;
  }

  function countByDay(days) {
    const counts = new Map();
    for (const day of days) counts.set(day, (counts.get(day) || 0) + 1);
    return [...counts];
  }

  // options: {data, base, words, window, tiles, map, onMove, onRelease, onPick}
  function create(host, options) {
    let { data } = options;
    const words = options.words;
    let colors = themeOf(host);
    const root = element("div", "mihwar", host);
    // A map that is there already (folium's, in a notebook) is taken into the panel.
    const frame = options.map ? options.map.getContainer() : element("div", "", root);
    if (options.map) { root.appendChild(frame); frame.removeAttribute("style"); }
    frame.classList.add("mihwar-map");
    frame.style.background = colors.sea;
    frame.dir = "ltr";
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", words.map_label);
    const map = options.map || L.map(frame, { zoomSnap: 0.25, minZoom: 3, maxZoom: 15, maxBoundsViscosity: 0.8, attributionControl: true });
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution("Natural Earth · © OpenStreetMap contributors (ODbL) · OCHA · GeoNames · airportsdata");
    L.control.scale({ imperial: false }).addTo(map);
    map.invalidateSize({ animate: false });
    map.fitBounds(options.bounds || [[30.2, 10.5], [33.2, 20.5]]);
    const base = makeBase(map, options.base, colors);
    let tiles = null;
    const layer = layers.create(data, colors);
    layer.addTo(map);
    const count = element("div", "mihwar-count", frame);
    count.dir = "auto";
    count.setAttribute("aria-live", "polite");
    const slider = makeSlider(root, data, words, moved, (value) => options.onRelease(value));
    let legend = makeLegend(root, data.sides, words);

    function moved([first, last]) {
      layer.setWindow(first, last);
      count.textContent = words.count.replace("{n}", layer.shown());
      if (options.onMove) options.onMove([first, last]);
    }
    function setWindow(value) { slider.set(value); moved(value); }
    function setTiles(wanted) {
      if (wanted && !tiles) {
        tiles = L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", { maxZoom: 19, attribution: "© OpenStreetMap contributors" });
        tiles.addTo(map);
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
      slider.paint(colors);
    }
    layer.on("pick", (event) => options.onPick(event.site));
    frame.addEventListener("keydown", (event) => {
      // By place on the keyboard: on an Arabic one the same keys write other letters.
      const by = { KeyN: 1, KeyP: -1 }[event.code];
      if (by && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); layer.step(by); }
    });
    const watcher = new ResizeObserver(() => map.invalidateSize({ animate: false }));
    watcher.observe(frame);
    slider.setCounts(countByDay(layers.readDays(data)));
    root.classList.toggle("mihwar-empty", !data.sites.length);
    setWindow(options.window);
    setTiles(options.tiles);
    paint();
    return {
      map, layer, slider, setWindow, setTiles, paint,
      // A window over everything stays one; another keeps its days, inside the new bounds.
      setData(next) {
        const [first, last] = slider.value();
        const all = first <= data.first_day && last >= data.last_day;
        const kept = [Math.max(first, next.first_day), Math.min(last, next.last_day)];
        const value = all || kept[0] > kept[1] ? [next.first_day, next.last_day] : kept;
        data = next;
        root.classList.toggle("mihwar-empty", !next.sites.length);
        layer.setData(next);
        slider.setBounds(next);
        slider.setCounts(countByDay(layers.readDays(next)));
        legend.remove();
        legend = makeLegend(root, next.sides, words);
        setWindow(value);
        options.onRelease(value);
      },
      remove() { watcher.disconnect(); slider.remove(); map.remove(); root.remove(); },
    };
  }

  // One piece of evidence: the sentence with its place marked, who says it, and how sure the dot is.
  function showEvidence(host, evidence, words) {
    host.replaceChildren();
    for (const item of evidence) {
      const card = element("article", "mihwar-card", host);
      const head = element("header", "", card);
      element("bdi", "mihwar-place", head, item.place);
      element("span", "mihwar-date", head, item.date);
      if (item.status) element("span", "mihwar-tag mihwar-" + item.status_id, head, item.status);
      const quote = element("p", "mihwar-sentence", card);
      quote.dir = "auto";
      quote.lang = item.lang;
      element("span", "", quote, item.before);
      element("mark", "", quote, item.name);
      element("span", "", quote, item.after);
      const facts = element("dl", "", card);
      for (const [label, value] of item.facts) {
        if (!value) continue;
        element("dt", "", facts, label);
        element("bdi", "", element("dd", "", facts), value);
      }
      if (item.url) {
        const link = element("a", "", card, words.open_source);
        link.href = item.url;  // http and https only: checked where the evidence is made
        link.target = "_blank";
        link.rel = "noopener noreferrer";
      }
    }
  }

  return { create, showEvidence, element, iso };
}
