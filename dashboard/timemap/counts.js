// Counting in typed arrays: which rows are in the window, and how many of which kind at each place.
// Knows no map and no page.

function makeMihwarCounts() {
  const ARRAYS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  const unpack = (packed) => new ARRAYS[packed.kind](bytesOf(packed.data).buffer);

  // A sorted column and the rows in its order; the rows come sorted by the day of the event.
  function sorted(days, span) {
    const starts = new Uint32Array(span + 1);
    for (const day of days) starts[day + 1]++;
    for (let i = 0; i < span; i++) starts[i + 1] += starts[i];
    const order = new Uint32Array(days.length), next = starts.slice();
    for (let row = 0; row < days.length; row++) order[next[days[row]]++] = row;
    return { order, starts };
  }

  class Counts {
    constructor(data) {
      this.data = data;
      const site = unpack(data.site), count = site.length;
      this.rows = count;
      this.span = data.last_day - data.first_day + 1;
      this.site = site;
      this.place = new Uint16Array(count);
      for (let row = 0; row < count; row++) this.place[row] = data.sites[site[row]].place;
      this.codes = { side: unpack(data.side), type: unpack(data.type) };
      const day = unpack(data.day), reported = unpack(data.reported);
      this.days = { event: day, report: reported };
      this.late = new Uint8Array(count);
      for (let row = 0; row < count; row++) this.late[row] = reported[row] > day[row] ? 1 : 0;
      this.by = {};
      this.keep = null;
    }

    categories(color) { return color === "type" ? this.data.types : this.data.sides; }

    // Rows in order of one of the two days; made when first asked for.
    sortedBy(by) { return this.by[by] || (this.by[by] = sorted(this.days[by], this.span)); }

    setMask(mask) {
      if (!mask) { this.keep = null; return; }
      const bits = bytesOf(mask), keep = new Uint8Array(this.rows);
      for (let row = 0; row < this.rows; row++) keep[row] = (bits[row >> 3] >> (row & 7)) & 1;
      this.keep = keep;
    }

    clamp(day) { return Math.min(Math.max(day - this.data.first_day, 0), this.span); }

    // Counts of the window by place or site and by category, with the last day and the late ones.
    window([first, last], { by, color, grouping }) {
      const { order, starts } = this.sortedBy(by), keep = this.keep;
      const group = this[grouping], code = this.codes[color], day = this.days[by], late = this.late;
      const width = this.categories(color).length;
      const groups = grouping === "site" ? this.data.sites.length : this.data.places.length;
      const counts = new Uint32Array(groups * width), totals = new Uint32Array(groups);
      const newest = new Uint32Array(groups), tardy = new Uint32Array(groups);
      let total = 0;
      const begin = starts[this.clamp(first)], end = starts[this.clamp(last + 1)];
      for (let i = begin; i < end; i++) {
        const row = order[i];
        if (keep !== null && keep[row] === 0) continue;
        const at = group[row];
        counts[at * width + code[row]]++;
        totals[at]++;
        newest[at] = day[row];
        tardy[at] += late[row];
        total++;
      }
      return { counts, totals, newest, tardy, total, width };
    }

    // Counts of each day by category: what the time line draws.
    daily({ by, color }) {
      const width = this.categories(color).length, counts = new Uint32Array(this.span * width);
      const day = this.days[by], code = this.codes[color], keep = this.keep;
      for (let row = 0; row < this.rows; row++) {
        if (keep === null || keep[row] === 1) counts[day[row] * width + code[row]]++;
      }
      return { counts, width };
    }
  }

  return { create: (data) => new Counts(data), unpack };
}
