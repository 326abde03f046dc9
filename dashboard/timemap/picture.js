// The map as a picture: base, layer, and under it date, legend and attribution.

function makeMihwarPicture() {
  const FONT = "system-ui, 'Noto Sans Arabic', sans-serif", FOOT = 76;

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
    canvas.width = size.x * ratio;
    canvas.height = (size.y + FOOT) * ratio;
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.save();
    pen.beginPath();
    pen.rect(0, 0, size.x, size.y);
    pen.clip();
    drawBase(pen, map, what.base, colors, size);
    what.layer.paintOver(pen, size, what.layers);
    pen.restore();
    pen.fillStyle = colors.halo;
    pen.fillRect(0, size.y, size.x, FOOT);
    pen.direction = what.rtl ? "rtl" : "ltr";
    pen.textAlign = "start";
    pen.textBaseline = "middle";
    const edge = what.rtl ? size.x - 12 : 12, onward = what.rtl ? -1 : 1;
    pen.fillStyle = colors.text;
    pen.font = `600 15px ${FONT}`;
    pen.fillText(what.title, edge, size.y + 16);
    pen.font = `12px ${FONT}`;
    let x = edge;
    for (const { name, color } of what.legend) {
      const width = pen.measureText(name).width + 30;
      if (Math.abs(x + onward * width - edge) > size.x - 24) break;
      pen.fillStyle = color;
      pen.beginPath();
      pen.arc(x + onward * 6, size.y + 40, 5, 0, 2 * Math.PI);
      pen.fill();
      pen.fillStyle = colors.text;
      pen.fillText(name, x + onward * 16, size.y + 40);
      x += onward * width;
    }
    pen.fillStyle = colors.soft;
    pen.font = `10.5px ${FONT}`;
    pen.direction = "ltr";
    pen.textAlign = what.rtl ? "right" : "left";
    pen.fillText(what.attribution, edge, size.y + 62);
    return canvas;
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
