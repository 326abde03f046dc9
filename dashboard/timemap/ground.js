// Who holds what, and the front, on a day: stretches of days looked up as time moves.
// Knows no map and no page.

function makeMihwarGround(unpack) {
  const COLUMNS = ["place", "from", "to", "state", "share", "stale", "inferred", "age"];
  // An advance is shown for so many days after it, where the window is longer.
  const SHOWN_DAYS = 30;

  class Ground {
    constructor(data) {
      this.sides = data.sides;
      this.places = data.places;
      for (const name of COLUMNS) this[name] = unpack(data[name]);
      this.lines = data.lines;
      this.advances = data.advances;
      this.day = null;
    }

    // What is known of each place on a day, those without a mark and the unknown first.
    on(day) {
      if (this.day === day) return this.found;
      const found = [];
      for (let row = 0; row < this.place.length; row++) {
        if (this.from[row] > day || this.to[row] < day) continue;
        const state = this.state[row];
        found.push({ place: this.places[this.place[row]], state, share: this.share[row], stale: this.stale[row] === 1, inferred: this.inferred[row] === 1, age: this.age[row] + day - this.to[row] });
      }
      this.day = day;
      this.found = found.sort((a, b) => b.state - a.state || a.share - b.share);
      return this.found;
    }

    front(day) { return this.lines.filter((line) => line.from <= day && day <= line.to); }
    taken([first, last]) { return this.advances.filter((one) => one.from >= Math.max(first, last - SHOWN_DAYS) && one.from <= last); }
  }

  return { create: (data) => (data ? new Ground(data) : null) };
}
