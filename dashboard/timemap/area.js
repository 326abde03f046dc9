// Draw a box or a polygon on the map: what lies outside is left out.

function makeMihwarArea(L) {
  const CORNERS = 60, DECIMALS = 3;
  const round = (value) => Number(value.toFixed(DECIMALS));

  // options: {style, onDone(points), onMute(muted)}; points are [lon, lat].
  function create(map, options) {
    let shape = null, draft = null, points = [], way = "";
    const style = () => ({ ...options.style(), interactive: false, renderer: L.canvas() });
    const latLngs = (corners) => corners.map(([x, y]) => [y, x]);

    function show(corners) {
      if (shape) shape.remove();
      shape = corners && corners.length > 2 ? L.polygon(latLngs(corners), style()).addTo(map) : null;
    }
    function sketch(corners) {
      if (draft) draft.remove();
      draft = corners.length > 1 ? L.polygon(latLngs(corners), { ...style(), fillOpacity: 0.05 }).addTo(map) : null;
    }
    function begin(which) {
      end();
      way = which;
      options.onMute(true);
      map.getContainer().classList.add("mihwar-drawing");
      map.getContainer().focus({ preventScroll: true });  // Escape and Enter are for the drawing now
      if (way === "box") map.dragging.disable();
      map.doubleClickZoom.disable();
    }
    function end() {
      if (!way) return;
      way = "";
      points = [];
      sketch([]);
      map.dragging.enable();
      map.doubleClickZoom.enable();
      map.getContainer().classList.remove("mihwar-drawing");
      setTimeout(() => options.onMute(false), 0);  // the click that ends it picks nothing
    }
    function done(corners) {
      end();
      show(corners);
      options.onDone(corners);
    }
    const boxOf = (a, b) => [[a.lng, a.lat], [b.lng, a.lat], [b.lng, b.lat], [a.lng, b.lat]].map(([x, y]) => [round(x), round(y)]);
    // A box by pointer events, so that a finger draws it too, and with the pointer held, so that it
    // may end outside the map.
    const frame = map.getContainer(), latLngAt = (event) => map.mouseEventToLatLng(event);
    frame.addEventListener("pointerdown", (event) => {
      if (way !== "box" || event.button !== 0) return;
      event.preventDefault();
      points = [latLngAt(event)];
      frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => { if (way === "box" && points.length) sketch(boxOf(points[0], latLngAt(event))); });
    frame.addEventListener("pointerup", (event) => {
      if (way !== "box" || !points.length) return;
      const corners = boxOf(points[0], latLngAt(event));
      if (corners[0][0] === corners[1][0] || corners[0][1] === corners[2][1]) end(); else done(corners);
    });
    frame.addEventListener("pointercancel", () => { if (way === "box") end(); });
    map.on("mousemove", (event) => { if (way === "polygon" && points.length) sketch([...points, [event.latlng.lng, event.latlng.lat]]); });
    map.on("click", (event) => { if (way === "polygon" && points.length < CORNERS) { points.push([round(event.latlng.lng), round(event.latlng.lat)]); sketch(points); } });
    map.on("dblclick", () => finish());
    function finish() {
      if (way !== "polygon") return;
      // A double click is two clicks at one point.
      const corners = points.filter((p, i) => !i || p[0] !== points[i - 1][0] || p[1] !== points[i - 1][1]);
      if (corners.length > 2) done(corners); else end();
    }
    map.getContainer().addEventListener("keydown", (event) => {
      if (!way || !["Escape", "Enter"].includes(event.key)) return;
      event.preventDefault();
      if (event.key === "Enter") finish(); else end();
    });
    return { begin, show, clear() { end(); show(null); options.onDone([]); }, active: () => way };
  }

  return { create };
}
