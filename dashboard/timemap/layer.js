// The layer: one mark per site on a canvas above the map, counted anew for each window of days.
// Used by the live map and by the shared HTML file alike. Knows no Streamlit and no folium.

function makeMihwarLayer(L) {
  const SIDE_RADIUS_MIN = 5, SIDE_RADIUS_MAX = 22;

  function decode(base64, Type) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    return new Type(bytes.buffer);
  }

  // data: {sites: [{x, y, km, name}], site, side, day: base64 of Int32, sides: [{id, name, color}],
  //        towns: [{x, y, name}]}; rows are sorted by day.
  function readColumns(data) {
    return {
      ...data,
      site: decode(data.site, Int32Array),
      side: decode(data.side, Int32Array),
      day: decode(data.day, Int32Array),
    };
  }

  function lowerBound(values, wanted) {
    let low = 0, high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < wanted) low = middle + 1; else high = middle;
    }
    return low;
  }

  const Layer = L.Layer.extend({
    initialize(data, colors) {
      this._data = readColumns(data);
      this._colors = colors;
      this._window = [-Infinity, Infinity];
      this._selected = -1;
      this._hovered = -1;
    },

    onAdd(map) {
      this._map = map;
      this._canvas = L.DomUtil.create("canvas", "mihwar-canvas");
      this._canvas.setAttribute("aria-hidden", "true");
      map.getPanes().overlayPane.appendChild(this._canvas);
      map.on("moveend zoomend resize viewreset", this._reset, this);
      map.on("mousemove", this._hover, this);
      map.on("click", this._click, this);
      if (map.options.zoomAnimation) map.on("zoomstart", this._hide, this);
      this._count();
      this._reset();
    },

    onRemove(map) {
      this._canvas.remove();
      map.off("moveend zoomend resize viewreset", this._reset, this);
      map.off("mousemove", this._hover, this);
      map.off("click", this._click, this);
      map.off("zoomstart", this._hide, this);
    },

    setData(data) { this._data = readColumns(data); this._selected = -1; this._hovered = -1; this._count(); this._draw(); },
    setColors(colors) { this._colors = colors; this._draw(); },

    setWindow(first, last) {
      this._window = [first, last];
      this._count();
      this._draw();
    },

    select(site) { this._selected = site; this._draw(); },

    rows() {
      const { day } = this._data;
      return [lowerBound(day, this._window[0]), lowerBound(day, this._window[1] + 1)];
    },

    shown() { return this._total; },

    _count() {
      const { sites, sides, site, side } = this._data;
      const width = sides.length;
      const counts = new Uint32Array(sites.length * width);
      const totals = new Uint32Array(sites.length);
      const [first, last] = this.rows();
      for (let row = first; row < last; row++) {
        counts[site[row] * width + side[row]]++;
        totals[site[row]]++;
      }
      this._counts = counts;
      this._totals = totals;
      this._total = last - first;
      this._order = [...totals.keys()].filter((i) => totals[i] > 0).sort((a, b) => totals[b] - totals[a]);
    },

    _hide() { this._canvas.style.visibility = "hidden"; },

    _reset() {
      const size = this._map.getSize(), ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._canvas, this._map.containerPointToLayerPoint([0, 0]));
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = size.x + "px";
      this._canvas.style.height = size.y + "px";
      this._canvas.style.visibility = "visible";
      this._draw();
    },

    _point(place) { return this._map.latLngToContainerPoint([place.y, place.x]); },

    _radius(site) {
      return Math.min(SIDE_RADIUS_MAX, SIDE_RADIUS_MIN + 2.2 * Math.sqrt(this._totals[site] - 1));
    },

    _draw() {
      if (!this._map || !this._canvas.width) return;
      const ratio = window.devicePixelRatio || 1, size = this._map.getSize();
      const pen = this._canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size.x, size.y);
      for (const site of new Set([this._selected, this._hovered])) if (this._totals[site]) this._drawRadius(pen, site);
      // The smallest last, so that none is hidden under a larger one.
      for (const site of this._order) this._drawMark(pen, site);
      this._drawLabels(pen, size);
    },

    _drawRadius(pen, site) {
      const place = this._data.sites[site], at = this._point(place);
      const north = this._map.latLngToContainerPoint([Math.min(place.y + place.km / 111.2, 85), place.x]);
      pen.beginPath();
      pen.arc(at.x, at.y, Math.max(2, at.y - north.y), 0, 2 * Math.PI);
      pen.fillStyle = this._colors.radius;
      pen.globalAlpha = 0.15; pen.fill(); pen.globalAlpha = 0.9;
      pen.setLineDash([4, 4]); pen.lineWidth = 1.5; pen.strokeStyle = this._colors.radius; pen.stroke();
      pen.setLineDash([]); pen.globalAlpha = 1;
    },

    _drawMark(pen, site) {
      const at = this._point(this._data.sites[site]), radius = this._radius(site);
      const width = this._data.sides.length;
      let angle = -Math.PI / 2;
      for (let side = 0; side < width; side++) {
        const share = this._counts[site * width + side] / this._totals[site];
        if (!share) continue;
        pen.beginPath();
        if (share < 1) pen.moveTo(at.x, at.y);
        pen.arc(at.x, at.y, radius, angle, angle + share * 2 * Math.PI);
        pen.fillStyle = this._data.sides[side].color;
        pen.fill();
        angle += share * 2 * Math.PI;
      }
      pen.beginPath();
      pen.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      pen.lineWidth = site === this._selected ? 3 : 1.5;
      pen.strokeStyle = site === this._selected ? this._colors.text : this._colors.halo;
      pen.stroke();
      if (this._totals[site] > 1 && radius >= 9) {
        pen.font = "600 11px system-ui, 'Noto Sans Arabic', sans-serif";
        pen.textAlign = "center"; pen.textBaseline = "middle";
        pen.fillStyle = "#fff";
        pen.fillText(String(this._totals[site]), at.x, at.y + 0.5);
      }
    },

    _drawLabels(pen, size) {
      const taken = this._order.map((site) => {
        const at = this._point(this._data.sites[site]), r = this._radius(site);
        return [at.x - r, at.y - r, at.x + r, at.y + r];
      });
      const free = (box) => box[0] >= 0 && box[2] <= size.x && box[1] >= 0 && box[3] <= size.y &&
        taken.every((t) => box[2] < t[0] || t[2] < box[0] || box[3] < t[1] || t[3] < box[1]);
      pen.textBaseline = "middle"; pen.lineJoin = "round";
      const write = (place, gap, font, color) => {
        pen.font = font;
        const at = this._point(place), width = pen.measureText(place.name).width;
        const boxes = [[at.x + gap, at.y - 8, at.x + gap + width, at.y + 8], [at.x - gap - width, at.y - 8, at.x - gap, at.y + 8],
          [at.x - width / 2, at.y + gap - 2, at.x + width / 2, at.y + gap + 14], [at.x - width / 2, at.y - gap - 14, at.x + width / 2, at.y - gap + 2]];
        const box = boxes.find(free);
        if (!box) return;
        taken.push(box);
        pen.textAlign = "left"; pen.direction = "ltr";
        pen.lineWidth = 3; pen.strokeStyle = this._colors.halo; pen.strokeText(place.name, box[0], (box[1] + box[3]) / 2);
        pen.fillStyle = color; pen.fillText(place.name, box[0], (box[1] + box[3]) / 2);
      };
      const names = new Set();
      for (const site of this._order) {
        const place = this._data.sites[site];
        if (names.has(place.name)) continue;
        names.add(place.name);
        write(place, this._radius(site) + 4, "600 12px system-ui, 'Noto Sans Arabic', sans-serif", this._colors.text);
      }
      for (const town of this._data.towns) {
        if (!names.has(town.name)) write(town, 5, "11px system-ui, 'Noto Sans Arabic', sans-serif", this._colors.faint);
      }
    },

    _siteAt(point) {
      let best = -1, nearest = Infinity;
      for (const site of this._order) {
        const gap = this._point(this._data.sites[site]).distanceTo(point) - this._radius(site);
        if (gap <= 4 && gap + this._radius(site) / 100 < nearest) { best = site; nearest = gap + this._radius(site) / 100; }
      }
      return best;
    },

    _hover(event) {
      const site = this._siteAt(event.containerPoint);
      if (site === this._hovered) return;
      this._hovered = site;
      this._map.getContainer().style.cursor = site < 0 ? "" : "pointer";
      this._draw();
    },

    _click(event) {
      const site = this._siteAt(event.containerPoint);
      const had = this._selected >= 0;
      this.select(site);
      if (site >= 0 || had) this.fire("pick", { site });
    },

    // Go through the marks in the window by keyboard, the largest first.
    step(by) {
      if (!this._order.length) return;
      const now = this._order.indexOf(this._selected);
      const from = now < 0 && by < 0 ? 0 : now;
      const next = this._order[(from + by + this._order.length) % this._order.length];
      this.select(next);
      this._map.panInside([this._data.sites[next].y, this._data.sites[next].x], { padding: [40, 40] });
      this.fire("pick", { site: next });
    },
  });

  return { create: (data, colors) => new Layer(data, colors), readDays: (data) => decode(data.day, Int32Array) };
}
