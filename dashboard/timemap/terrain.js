// Draws who holds what, the front, and events of other tables on the layer's canvas; and says what the pointer is over.

function makeMihwarTerrain() {
  const PLAIN = 5, SMALL = 3.5, NEAR_ZOOM = 8, REACH = 9, GREY = "#8a8f98", TICK = 9, DIAMOND = 6;

  // Hatching for what rests on old claims only.
  function hatched(pen, color) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const draw = tile.getContext("2d");
    draw.strokeStyle = color;
    draw.lineWidth = 1.6;
    draw.beginPath();
    for (const shift of [-6, 0, 6]) { draw.moveTo(shift, 6); draw.lineTo(shift + 6, 0); }
    draw.stroke();
    return pen.createPattern(tile, "repeat");
  }

  function create(ground) {
    const patterns = new Map();
    const patternOf = (pen, color) => patterns.get(color) || patterns.set(color, hatched(pen, color)).get(color);
    const colorOf = (state) => (state < 2 ? ground.sides[state].color : GREY);

    // Half the side of a square: around the mark where there is one.
    function halfOf(layer, held) {
      const mark = held.place.mark, now = layer._now;
      if (layer._grouped === "place" && mark >= 0 && now.totals[mark] && layer._view.layers.includes("marks")) return layer._radius(mark) + 3.5;
      return (held.inferred || held.state === 3 ? SMALL : PLAIN) + (layer._map.getZoom() >= NEAR_ZOOM ? 1.5 : 0);
    }

    function drawControl(layer, pen, day) {
      for (const held of ground.on(day)) {
        if (held.inferred && held.state > 1) continue;
        const { x, y } = layer._point(held.place), half = halfOf(layer, held), size = 2 * half;
        pen.globalAlpha = held.state > 1 ? 0.9 : 0.35 + 0.65 * Math.max(0, (held.share - 50) / 50);
        pen.beginPath();
        pen.rect(x - half, y - half, size, size);
        if (held.state === 2) {
          pen.save(); pen.clip();
          pen.fillStyle = ground.sides[0].color; pen.fillRect(x - half, y - half, half, size);
          pen.fillStyle = ground.sides[1].color; pen.fillRect(x, y - half, half, size);
          pen.restore();
        } else if (held.state < 2) {
          pen.fillStyle = layer._colors.halo; pen.fill();
          pen.fillStyle = held.stale || held.inferred ? patternOf(pen, colorOf(held.state)) : colorOf(held.state);
          pen.fill();
        }
        pen.globalAlpha = held.inferred ? 0.6 : 1;
        pen.lineWidth = held.inferred ? 1 : 1.5;
        pen.strokeStyle = held.state === 3 ? GREY : held.state === 2 ? layer._colors.text : colorOf(held.state);
        if (held.state === 3) pen.setLineDash([2, 2]);
        pen.stroke();
        pen.setLineDash([]);
        pen.globalAlpha = 1;
      }
    }

    const along = (layer, line) => line.path.map(([x, y]) => layer._point({ x, y }));
    // The middle of a way, and its direction there.
    function middleOf(points) {
      const legs = points.slice(1).map((p, i) => p.distanceTo(points[i])), whole = legs.reduce((a, b) => a + b, 0);
      let left = whole / 2, at = 0;
      while (at < legs.length - 1 && left > legs[at]) left -= legs[at++];
      const a = points[at], b = points[at + 1], share = legs[at] ? left / legs[at] : 0;
      return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share, angle: Math.atan2(b.y - a.y, b.x - a.x), whole, leg: at };
    }
    function activity(layer, line) {
      return line.marks.reduce((sum, mark) => sum + (mark >= 0 && layer._grouped === "place" ? layer._now.totals[mark] : 0), 0);
    }

    function drawFront(layer, pen, day) {
      pen.lineCap = "round";
      for (const line of ground.front(day)) {
        const points = along(layer, line), middle = middleOf(points), busy = activity(layer, line);
        if (middle.whole < 4) continue;
        pen.globalAlpha = 0.3 + 0.6 * line.share / 100;
        // Likelier not so than so: drawn, but not as a line.
        if (line.share < 50) pen.setLineDash([2, 6]);
        pen.lineWidth = Math.min(6, 2 + Math.sqrt(busy));
        // Each half in the colour of who holds its end.
        const halves = [[...points.slice(0, middle.leg + 1), middle], [middle, ...points.slice(middle.leg + 1)]];
        halves.forEach((half, at) => {
          pen.beginPath();
          half.forEach((p, i) => (i ? pen.lineTo(p.x, p.y) : pen.moveTo(p.x, p.y)));
          pen.strokeStyle = ground.sides[line.sides[at]].color;
          pen.stroke();
        });
        pen.setLineDash([]);
        // The bar across: somewhere on this way is the front.
        const reach = Math.min(TICK + busy / 4, middle.whole / 2), dx = Math.sin(middle.angle) * reach, dy = -Math.cos(middle.angle) * reach;
        for (const [width, color] of [[6, layer._colors.halo], [3, layer._colors.text]]) {
          pen.beginPath(); pen.moveTo(middle.x - dx, middle.y - dy); pen.lineTo(middle.x + dx, middle.y + dy);
          pen.lineWidth = width; pen.strokeStyle = color; pen.stroke();
        }
        pen.globalAlpha = 1;
      }
      pen.lineCap = "butt";
    }

    function drawAdvances(layer, pen, window) {
      for (const one of ground.taken(window)) {
        const points = along(layer, one), end = points[points.length - 1], from = points[0], whole = end.distanceTo(from);
        if (whole < 12) continue;
        const angle = Math.atan2(end.y - from.y, end.x - from.x), bend = Math.min(30, whole / 4);
        const knee = { x: (from.x + end.x) / 2 + Math.sin(angle) * bend, y: (from.y + end.y) / 2 - Math.cos(angle) * bend };
        const come = Math.atan2(end.y - knee.y, end.x - knee.x), head = 10, tip = { x: end.x - Math.cos(come) * 9, y: end.y - Math.sin(come) * 9 };
        pen.globalAlpha = 0.9;
        for (const [width, color] of [[6, layer._colors.halo], [3, ground.sides[one.sides[0]].color]]) {
          pen.strokeStyle = pen.fillStyle = color;
          pen.lineWidth = width;
          pen.beginPath(); pen.moveTo(from.x, from.y); pen.quadraticCurveTo(knee.x, knee.y, tip.x, tip.y); pen.stroke();
          pen.beginPath(); pen.moveTo(tip.x + Math.cos(come) * head, tip.y + Math.sin(come) * head);
          for (const turn of [2.5, -2.5]) pen.lineTo(tip.x + Math.cos(come + turn) * head, tip.y + Math.sin(come + turn) * head);
          pen.closePath(); pen.fill();
        }
        pen.globalAlpha = 1;
      }
    }

    // Events of other tables: hollow diamonds, so that they are never taken for ours.
    function drawOthers(layer, pen, window) {
      pen.lineWidth = 1.5;
      for (const row of ground.othersIn(window)) {
        const { x, y } = layer._point(ground.otherAt(row));
        pen.beginPath();
        pen.moveTo(x, y - DIAMOND); pen.lineTo(x + DIAMOND, y); pen.lineTo(x, y + DIAMOND); pen.lineTo(x - DIAMOND, y);
        pen.closePath();
        pen.globalAlpha = 0.7; pen.fillStyle = layer._colors.halo; pen.fill();
        pen.globalAlpha = 1; pen.strokeStyle = layer._colors.text; pen.stroke();
      }
    }

    // The front or the held place at a point of the map, nearest first.
    function at(layer, point, day, layers) {
      const found = [];
      if (layers.includes("front")) for (const line of ground.front(day)) {
        const middle = middleOf(along(layer, line)), gap = Math.hypot(middle.x - point.x, middle.y - point.y);
        if (gap <= REACH && middle.whole >= 4) found.push({ gap, line });
      }
      if (layers.includes("control")) for (const held of ground.on(day)) {
        if (held.inferred && held.state > 1) continue;
        const { x, y } = layer._point(held.place), gap = Math.max(Math.abs(x - point.x), Math.abs(y - point.y));
        if (gap <= halfOf(layer, held) + 2) found.push({ gap: gap + 1, held });
      }
      if (layers.includes("others")) for (const row of ground.othersIn(layer.windowOf())) {
        const other = ground.otherAt(row), { x, y } = layer._point(other), gap = Math.abs(x - point.x) + Math.abs(y - point.y);
        if (gap <= DIAMOND + 2) found.push({ gap, other });
      }
      return found.sort((a, b) => a.gap - b.gap)[0] || null;
    }

    const heldAt = (day, mark) => ground.on(day).find((held) => held.place.mark === mark && !(held.inferred && held.state > 1)) || null;
    return { drawControl, drawFront, drawAdvances, drawOthers, at, heldAt, sides: ground.sides };
  }

  return { create: (ground) => (ground ? create(ground) : null) };
}
