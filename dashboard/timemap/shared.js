// What the components of one page tell each other; each is a module of its own.

function MihwarShared() {
  const key = Symbol.for("mihwar");
  return (globalThis[key] = globalThis[key] || { panels: new Map(), masks: new Map(), heard: new Map(), toldAt: 0, run: 0, dragging: false });
}
