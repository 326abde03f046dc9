// Who holds what, and the front, on a day: stretches of days looked up as time moves.
// Knows no map and no page.

function makeMihwarGround(unpack) {
  const COLUMNS = ["place", "from", "to", "state", "share", "stale", "inferred", "age"];
  // An advance is shown for so many days after it, where the window is longer.
  const SHOWN_DAYS = 30, FINE = 10000;

  class Ground {
    constructor(data) {
      this.sides = data.sides;
      this.places = data.places;
      for (const name of COLUMNS) this[name] = unpack(data[name]);
      this.lines = data.lines;
      this.advances = data.advances;
      this.others = { text: data.others.text };
      for (const name of ["x", "y", "from", "to"]) this.others[name] = unpack(data.others[name]);
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
    // Rows of the tables of others in a window; FINE parts make a degree.
    othersIn([first, last]) {
      const rows = [], { from, to } = this.others;
      for (let row = 0; row < from.length; row++) if (from[row] <= last && to[row] >= first) rows.push(row);
      return rows;
    }
    otherAt(row) { return { x: this.others.x[row] / FINE - 180, y: this.others.y[row] / FINE - 90, text: this.others.text[row] }; }
    taken([first, last]) { return this.advances.filter((one) => one.from >= Math.max(first, last - SHOWN_DAYS) && one.from <= last); }
  }

  return { create: (data) => (data ? new Ground(data) : null) };
}
