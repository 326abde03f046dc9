// The map as a picture: base, layer, and under it date, legend and attribution.

function makeMihwarPicture() {
  const FONT = "system-ui, 'Noto Sans Arabic', sans-serif", LINE = 20;

  function trace(pen, map, geometry) {
    const lines = { Polygon: geometry.coordinates, MultiPolygon: geometry.coordinates.flat?.(1), LineString: [geometry.coordinates], MultiLineString: geometry.coordinates }[geometry.type] || [];
    for (const line of lines) line.forEach(([x, y], i) => { const at = map.latLngToContainerPoint([y, x]); if (i) pen.lineTo(at.x, at.y); else pen.moveTo(at.x, at.y); });
  }

  function drawBase(pen, map, base, colors, size) {
    pen.fillStyle = colors.sea;
    pen.fillRect(0, 0, size.x, size.y);
    for (const [shapes, fill] of [[base.land, true], [base.borders, false]]) {
      pen.beginPath();
      for (const feature of shapes.features) trace(pen, map, feature.geometry);
      pen.strokeStyle = colors.border;
      pen.lineWidth = 1;
      if (fill) { pen.fillStyle = colors.land; pen.fill("evenodd"); } else pen.setLineDash([5, 4]);
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  // what: {map, base, layer, layers, colors, title, legend: [{name, color}], attribution, rtl}
  function draw(what) {
    const { map, colors } = what, size = map.getSize(), ratio = 2, canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d"), room = size.x - 24;
    const titles = wrapped(pen, `600 15px ${FONT}`, what.title.split(" "), room, " ");
    const notes = wrapped(pen, `10.5px ${FONT}`, what.attribution.split(" "), room, " ");
    const rows = legendRows(pen, what.legend, room);
    const foot = 12 + (titles.length + rows.length) * LINE + notes.length * 15;
    canvas.width = size.x * ratio;
    canvas.height = (size.y + foot) * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, size.x, size.y);
    pen.clip();
    drawBase(pen, map, what.base, colors, size);
    what.layer.paintOver(pen, size, what.layers);
    pen.restore();
    pen.fillStyle = colors.halo;
    pen.fillRect(0, size.y, size.x, foot);
    pen.direction = what.rtl ? "rtl" : "ltr";
    pen.textAlign = "start";
    pen.textBaseline = "middle";
    const edge = what.rtl ? size.x - 12 : 12, onward = what.rtl ? -1 : 1;
    pen.fillStyle = colors.text;
    pen.font = `600 15px ${FONT}`;
    let y = size.y + 16;
    for (const line of titles) { pen.fillText(line, edge, y); y += LINE; }
    pen.font = `12px ${FONT}`;
    for (const row of rows) {
      let x = edge;
      for (const { name, color, width } of row) {
        pen.fillStyle = color;
        pen.beginPath();
        pen.arc(x + onward * 6, y, 5, 0, 2 * Math.PI);
        pen.fill();
        pen.fillStyle = colors.text;
        pen.fillText(name, x + onward * 16, y);
        x += onward * width;
      }
      y += LINE;
    }
    pen.fillStyle = colors.soft;
    pen.font = `10.5px ${FONT}`;
    pen.direction = "ltr";
    pen.textAlign = what.rtl ? "right" : "left";
    for (const line of notes) { pen.fillText(line, edge, y); y += 15; }
    return canvas;
  }

  // Lines that are no wider than there is room.
  function wrapped(pen, font, parts, room, joint) {
    pen.font = font;
    const lines = [];
    for (const part of parts) {
      const longer = lines.length ? lines[lines.length - 1] + joint + part : part;
      if (lines.length && pen.measureText(longer).width <= room) lines[lines.length - 1] = longer; else lines.push(part);
    }
    return lines;
  }

  function legendRows(pen, legend, room) {
    pen.font = `12px ${FONT}`;
    const rows = [[]];
    let used = 0;
    for (const { name, color } of legend) {
      const width = pen.measureText(name).width + 30;
      if (used + width > room && used) { rows.push([]); used = 0; }
      rows[rows.length - 1].push({ name, color, width });
      used += width;
    }
    return rows;
  }

  function save(what, name) {
    draw(what).toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, "image/png");
  }

  return { draw, save };
}
