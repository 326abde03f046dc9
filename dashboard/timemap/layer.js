// The layer: one mark a place (a site, when zoomed in) on a canvas above the map, with roads,
// regions, uncertainty and density under it. Used by the live map and by the shared file alike.

function makeMihwarLayer(L, terrains) {
  const RADIUS_MIN = 5, RADIUS_MAX = 22, SITE_ZOOM = 9.5, FONT = "system-ui, 'Noto Sans Arabic', sans-serif";
  // Signs of the types, in a square from -5 to 5, so that they are told apart without colour.
  const SIGNS = {
    airstrike: "M-4-4H4L0 4.5Z", shelling: "M0-5 1.4-1.4 5 0 1.4 1.4 0 5-1.4 1.4-5 0-1.4-1.4Z",
    clash: "M-4.5-3-3-4.5 0-1.5 3-4.5 4.5-3 1.5 0 4.5 3 3 4.5 0 1.5-3 4.5-4.5 3-1.5 0Z",
    capture: "M-3.5 5V-5L4.5-2-2 1V5Z", withdrawal: "M-5 0-.5-4V-1.5H5V1.5H-.5V4Z", advance: "M5 0 .5-4V-1.5H-5V1.5H.5V4Z",
    repelled_attack: "M-1 5V-5H-3.5V5ZM5 0 1-3.5V3.5Z", aircraft_downed: "M-5-3H5V-1H1V2H3L0 5-3 2H-1V-1H-5Z",
    strike_on_equipment: "M0-5 5 0 0 5-5 0Z", arms_delivery: "M-4-4H4V4H-4Z", ultimatum: "M-1.3-5H1.3L.8 1.5H-.8ZM-1.2 3H1.2V5H-1.2Z",
    deployment: "M0-5 4.5 4H-4.5Z", other: "M-1.8-1.8H1.8V1.8H-1.8Z",
  };
  const paths = {};
  const signOf = (id) => (SIGNS[id] ? paths[id] || (paths[id] = new Path2D(SIGNS[id])) : null);

  const Layer = L.Layer.extend({
    initialize(counts, colors, view) {
      this._counts = counts;
      this._colors = colors;
      this._view = view;
      this._picked = null;
      this._hovered = -1;
    },

    onAdd(map) {
      this._map = map;
      this._canvas = L.DomUtil.create("canvas", "mihwar-canvas");
      this._canvas.setAttribute("aria-hidden", "true");
      map.getPanes().overlayPane.appendChild(this._canvas);
      map.on("moveend zoomend resize viewreset", this._reset, this);
      map.on("mousemove", this._hover, this);
      map.on("mouseout", this._leave, this);
      map.on("click", this._click, this);
      if (map.options.zoomAnimation) map.on("zoomstart", this._hide, this);
      this._count();
      this._reset();
    },

    onRemove(map) {
      this._canvas.remove();
      map.off("moveend zoomend resize viewreset", this._reset, this);
      map.off("mousemove", this._hover, this);
      map.off("mouseout", this._leave, this);
      map.off("click", this._click, this);
      map.off("zoomstart", this._hide, this);
    },

    // Who holds what, and the front; null where nothing is known of it.
    setGround(ground) { this._terrain = terrains.create(ground); this.redraw(); },
    // Places that are pointed out, as {x, y}.
    setRings(rings) { this._rings = rings; this.redraw(); },
    setCounts(counts) { this._counts = counts; this._picked = null; this._hovered = -1; this.refresh(); },
    setColors(colors) { this._colors = colors; this.redraw(); },
    refresh() { this._count(); this.redraw(); },
    redraw() { if (this._map && this._canvas.width) this.paint(this._canvas.getContext("2d"), window.devicePixelRatio || 1); },
    shown() { return this._now.total; },
    // The day for which control and front are drawn.
    dayOf() { return this._view.window[1]; },
    windowOf() { return this._view.mode === "cumulative" ? [this._counts.data.first_day, this._view.window[1]] : this._view.window; },

    // Sites when zoomed in, else one mark a place.
    _grouping() { return this._map.getZoom() >= SITE_ZOOM ? "site" : "place"; },
    _groups() { return this._grouped === "site" ? this._counts.data.sites : this._counts.data.places; },
    _name(at) { const d = this._counts.data; return this._grouped === "site" ? d.places[d.sites[at].place].name : d.places[at].name; },

    _count() {
      const grouping = this._grouping();
      if (this._grouped !== grouping) { this._grouped = grouping; this._hovered = -1; }
      this._now = this._counts.window(this.windowOf(), { ...this._view, grouping });
      const { totals } = this._now, order = [];
      for (let at = 0; at < totals.length; at++) if (totals[at]) order.push(at);
      this._order = order.sort((a, b) => totals[b] - totals[a] || a - b);
    },

    _hide() { this._canvas.style.visibility = "hidden"; },

    _reset() {
      if (this._grouping() !== this._grouped) this._count();
      const size = this._map.getSize(), ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._canvas, this._map.containerPointToLayerPoint([0, 0]));
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = size.x + "px";
      this._canvas.style.height = size.y + "px";
      this._canvas.style.visibility = "visible";
      this.redraw();
    },

    _point(place) { return this._map.latLngToContainerPoint([place.y, place.x]); },
    _radius(at) { return Math.min(RADIUS_MAX, RADIUS_MIN + 2.2 * Math.sqrt(this._now.totals[at] - 1)); },

    // Everything of the layer, on this canvas or on that of a picture.
    paint(pen, ratio) {
      const size = this._map.getSize(), layers = this._view.layers;
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size.x, size.y);
      this.paintOver(pen, size, layers);
    },

    paintOver(pen, size, layers) {
      if (layers.includes("regions")) this._drawRegions(pen);
      if (layers.includes("roads")) this._drawRoads(pen);
      if (layers.includes("density")) this._drawDensity(pen);
      this._drawUncertainty(pen, layers.includes("uncertainty"));
      const terrain = this._terrain;
      if (terrain && layers.includes("control")) terrain.drawControl(this, pen, this.dayOf());
      if (terrain && layers.includes("front")) terrain.drawFront(this, pen, this.dayOf());
      if (terrain && layers.includes("others")) terrain.drawOthers(this, pen, this.windowOf());
      // The smallest last, so that none is hidden under a larger one.
      if (layers.includes("marks")) for (const at of this._order) this._drawMark(pen, at);
      if (terrain && layers.includes("front")) terrain.drawAdvances(this, pen, this.windowOf());
      this._drawRings(pen);
      if (layers.includes("labels")) this._drawLabels(pen, size);
    },

    _trace(pen, points, closed) {
      points.forEach(([x, y], i) => { const at = this._point({ x, y }); if (i) pen.lineTo(at.x, at.y); else pen.moveTo(at.x, at.y); });
      if (closed) pen.closePath();
    },

    _drawRings(pen) {
      for (const ring of this._rings || []) {
        const { x, y } = this._point(ring);
        for (const [width, color] of [[5, this._colors.halo], [2, this._colors.text]]) {
          pen.beginPath(); pen.arc(x, y, 12, 0, 2 * Math.PI); pen.lineWidth = width; pen.strokeStyle = color; pen.stroke();
        }
      }
    },

    _drawRoads(pen) {
      pen.beginPath();
      for (const road of this._counts.data.roads) this._trace(pen, road, false);
      pen.strokeStyle = this._colors.road; pen.lineWidth = 1.5; pen.globalAlpha = 0.8; pen.stroke(); pen.globalAlpha = 1;
    },

    _drawRegions(pen) {
      for (const region of this._counts.data.regions) {
        pen.beginPath();
        for (const ring of region.rings) this._trace(pen, ring, region.closed);
        pen.strokeStyle = this._colors.region; pen.lineWidth = region.closed ? 1 : 2.5; pen.setLineDash(region.closed ? [6, 4] : []);
        if (region.closed) { pen.globalAlpha = 0.08; pen.fillStyle = this._colors.region; pen.fill("evenodd"); }
        pen.globalAlpha = 0.7; pen.stroke(); pen.globalAlpha = 1; pen.setLineDash([]);
      }
    },

    _drawDensity(pen) {
      const most = Math.max(1, ...this._order.slice(0, 1).map((at) => this._now.totals[at]));
      for (const at of this._order) {
        const { x, y } = this._point(this._groups()[at]), share = Math.log1p(this._now.totals[at]) / Math.log1p(most), wide = 26 + 44 * share;
        const glow = pen.createRadialGradient(x, y, 0, x, y, wide);
        glow.addColorStop(0, this._colors.glow + Math.round(40 + 130 * share).toString(16).padStart(2, "0"));
        glow.addColorStop(1, this._colors.glow + "00");
        pen.fillStyle = glow; pen.fillRect(x - wide, y - wide, 2 * wide, 2 * wide);
      }
    },

    // Where the sites of the marked or of all marks may lie: a circle, or the outline of the site.
    _drawUncertainty(pen, all) {
      const { sites, areas } = this._counts.data, bySite = this._grouped === "site";
      const marked = new Set([this._pickedGroup(), this._hovered]);
      const wanted = (at) => (all || marked.has(at)) && this._now.totals[at];
      pen.fillStyle = pen.strokeStyle = this._colors.radius; pen.lineWidth = 1.5;
      sites.forEach((site, index) => {
        const group = bySite ? index : site.place;
        if (!wanted(group)) return;
        pen.beginPath();
        const rings = areas[index];
        if (rings) for (const ring of rings) this._trace(pen, ring, true);
        else {
          const at = this._point(site), north = this._map.latLngToContainerPoint([Math.min(site.y + site.km / 111.2, 85), site.x]);
          pen.arc(at.x, at.y, Math.max(2, at.y - north.y), 0, 2 * Math.PI);
        }
        pen.globalAlpha = marked.has(group) ? 0.15 : 0.05; pen.fill("evenodd");
        pen.setLineDash([4, 4]); pen.globalAlpha = marked.has(group) ? 0.9 : 0.35; pen.stroke(); pen.setLineDash([]); pen.globalAlpha = 1;
      });
    },

    // In a trail the older marks fade.
    _fade(at) {
      if (this._view.mode !== "trail") return 1;
      const [first, last] = this._view.window, base = this._counts.data.first_day;
      return 0.2 + 0.8 * Math.max(0, (this._now.newest[at] + base - first + 1) / (last - first + 1));
    },

    _drawMark(pen, at) {
      const point = this._point(this._groups()[at]), radius = this._radius(at), { counts, totals, width, tardy } = this._now;
      const categories = this._counts.categories(this._view.color), picked = at === this._pickedGroup();
      let angle = -Math.PI / 2, top = 0;
      pen.globalAlpha = this._fade(at);
      for (let code = 0; code < width; code++) {
        const count = counts[at * width + code];
        if (!count) continue;
        if (count > counts[at * width + top]) top = code;
        const share = count / totals[at];
        pen.beginPath();
        if (share < 1) pen.moveTo(point.x, point.y);
        pen.arc(point.x, point.y, radius, angle, angle + share * 2 * Math.PI);
        pen.fillStyle = categories[code].color;
        pen.fill();
        angle += share * 2 * Math.PI;
      }
      pen.beginPath();
      pen.arc(point.x, point.y, radius, 0, 2 * Math.PI);
      // By report date, marks told of late have a broken rim.
      if (this._view.by === "report" && tardy[at]) pen.setLineDash([3, 2]);
      pen.lineWidth = picked ? 3 : 1.5;
      pen.strokeStyle = picked ? this._colors.text : this._colors.halo;
      pen.stroke();
      pen.setLineDash([]);
      const sign = this._view.color === "type" ? signOf(categories[top].id) : null;
      pen.fillStyle = "#fff";
      if (sign) {
        pen.save(); pen.translate(point.x, point.y); pen.scale(Math.min(1.3, radius / 8), Math.min(1.3, radius / 8)); pen.fill(sign, "evenodd"); pen.restore();
      } else if (totals[at] > 1 && radius >= 9) {
        pen.font = `600 11px ${FONT}`; pen.textAlign = "center"; pen.textBaseline = "middle"; pen.direction = "ltr";
        const label = totals[at] < 10000 ? String(totals[at]) : Math.round(totals[at] / 1000) + "k";
        pen.fillText(label, point.x, point.y + 0.5);
      }
      pen.globalAlpha = 1;
    },

    _drawLabels(pen, size) {
      const taken = this._order.map((at) => {
        const p = this._point(this._groups()[at]), r = this._radius(at);
        return [p.x - r, p.y - r, p.x + r, p.y + r];
      });
      const free = (box) => box[0] >= 0 && box[2] <= size.x && box[1] >= 0 && box[3] <= size.y &&
        taken.every((t) => box[2] < t[0] || t[2] < box[0] || box[3] < t[1] || t[3] < box[1]);
      pen.textBaseline = "middle"; pen.lineJoin = "round"; pen.textAlign = "left"; pen.direction = "ltr";
      const write = (place, name, gap, font, color) => {
        const at = this._point(place);
        if (at.x < -50 || at.y < -20 || at.x > size.x + 50 || at.y > size.y + 20) return;
        pen.font = font;
        const width = pen.measureText(name).width;
        const box = [[at.x + gap, at.y - 8, at.x + gap + width, at.y + 8], [at.x - gap - width, at.y - 8, at.x - gap, at.y + 8],
          [at.x - width / 2, at.y + gap - 2, at.x + width / 2, at.y + gap + 14], [at.x - width / 2, at.y - gap - 14, at.x + width / 2, at.y - gap + 2]].find(free);
        if (!box) return;
        taken.push(box);
        pen.lineWidth = 3; pen.strokeStyle = this._colors.halo; pen.strokeText(name, box[0], (box[1] + box[3]) / 2);
        pen.fillStyle = color; pen.fillText(name, box[0], (box[1] + box[3]) / 2);
      };
      const names = new Set();
      // With hundreds of marks only the largest are named.
      for (const at of this._order.slice(0, 150)) {
        const name = this._name(at);
        if (names.has(name)) continue;
        names.add(name);
        write(this._groups()[at], name, this._radius(at) + 4, `600 12px ${FONT}`, this._colors.text);
      }
      for (const town of this._counts.data.towns) if (!names.has(town.name)) write(town, town.name, 5, `11px ${FONT}`, this._colors.faint);
    },

    _groupAt(point) {
      let best = -1, nearest = Infinity;
      for (const at of this._order) {
        const radius = this._radius(at), gap = this._point(this._groups()[at]).distanceTo(point) - radius;
        if (gap <= 4 && gap + radius / 100 < nearest) { best = at; nearest = gap + radius / 100; }
      }
      return best;
    },

    _hover(event) {
      const at = this._groupAt(event.containerPoint), other = at < 0 ? this._groundAt(event.containerPoint) : null;
      this.fire("hover", { at, other, point: event.containerPoint });
      this._map.getContainer().style.cursor = at < 0 && !other ? "" : "pointer";
      if (at === this._hovered) return;
      this._hovered = at;
      this.redraw();
    },
    _groundAt(point) { return this._terrain ? this._terrain.at(this, point, this.dayOf(), this._view.layers) : null; },
    // Who holds the place of a mark on the last day of the window.
    heldAt(at) { return this._terrain ? this._terrain.heldAt(this.dayOf(), this._grouped === "site" ? this._counts.data.sites[at].place : at) : null; },
    _leave() { this._hovered = -1; this.fire("hover", { at: -1 }); this.redraw(); },

    // What the pointer is over, in words: name, count, categories by size.
    about(at) {
      const { counts, totals, width, tardy } = this._now, categories = this._counts.categories(this._view.color);
      const parts = categories.map((c, code) => ({ ...c, count: counts[at * width + code] })).filter((c) => c.count).sort((a, b) => b.count - a.count);
      return { name: this._name(at), total: totals[at], late: tardy[at], parts };
    },

    _click(event) {
      const at = this._groupAt(event.containerPoint), had = this._picked !== null;
      this._pick(at);
      if (at >= 0) { this.fire("pick", this._picked); return; }
      const other = this._groundAt(event.containerPoint);
      if (other?.line) this.fire("pick", { place: -1, front: other.line.id });
      else if (other?.held && other.held.place.mark >= 0) this.fire("pick", { place: other.held.place.mark, site: -1 });
      else if (had) this.fire("pick", { place: -1 });
    },

    // What is picked is kept as a place, or as one site of it, so that it outlives a change of zoom.
    _pick(at) {
      const { sites } = this._counts.data;
      this._picked = at < 0 ? null : this._grouped === "site" ? { place: sites[at].place, site: at } : { place: at, site: -1 };
      this.redraw();
    },
    _pickedGroup() {
      const picked = this._picked;
      if (!picked) return -1;
      if (this._grouped === "place") return picked.place;
      return picked.site;
    },

    // Go through the marks in the window by keyboard, the largest first.
    step(by) {
      if (!this._order.length) return;
      const now = this._order.indexOf(this._pickedGroup());
      const from = now < 0 && by < 0 ? 0 : now;
      const next = this._order[(from + by + this._order.length) % this._order.length], place = this._groups()[next];
      this._pick(next);
      this._map.panInside([place.y, place.x], { padding: [40, 40] });
      this.fire("pick", this._picked);
    },
  });

  return { create: (counts, colors, view) => new Layer(counts, colors, view), SIGNS };
}
