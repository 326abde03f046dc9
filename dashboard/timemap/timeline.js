// The time line: counts a day, a window to drag and stretch, play, and the ways of counting.
// Time runs from left to right in both languages, as on the maps of both.

function makeMihwarTimeline(element) {
  const DAY_MS = 86400000, EDGE = 10, HEIGHT = 58, FEWEST_DAYS = 7;
  const SPEEDS = [1, 2, 4, 8], STEPS = { day: 1, week: 7, month: 30 };
  const iso = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

  // options: {counts, words, lang, view, onMove, onRelease, onDrag}; view.window is changed here.
  function create(host, options) {
    const { words, view } = options;
    let counts = options.counts, colors = null, daily = null;
    let [low, high] = [counts.data.first_day, counts.data.last_day];
    let shown = [low, high + 1];  // what part of time is drawn; the wheel changes it
    const written = new Intl.DateTimeFormat(options.lang === "ar" ? "ar-LY-u-nu-latn" : "en-GB", { dateStyle: options.lang === "ar" ? "long" : "medium", timeZone: "UTC" });
    const say = (day) => written.format(new Date(day * DAY_MS));

    const box = element("section", "mihwar-time", host);
    box.setAttribute("aria-label", words.timeline);
    const bar = element("div", "mihwar-bar", box);
    const label = element("output", "mihwar-window", box);
    const track = element("div", "mihwar-track", box);
    track.dir = "ltr";
    const canvas = element("canvas", "mihwar-bars", track);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words.timeline_label);
    const grip = handle("mihwar-grip", words.move_window);
    const first = handle("mihwar-handle mihwar-first", words.first_day);
    const last = handle("mihwar-handle mihwar-last", words.last_day);

    function handle(className, name) {
      const made = element("div", className, track);
      made.tabIndex = 0;
      made.setAttribute("role", "slider");
      made.setAttribute("aria-label", name);
      return made;
    }

    // --- where days stand
    const inner = () => Math.max(1, track.clientWidth - 2 * EDGE);
    const xOf = (day) => EDGE + (day - shown[0]) / (shown[1] - shown[0]) * inner();
    const dayAt = (x) => shown[0] + (x - EDGE) / inner() * (shown[1] - shown[0]);
    const bound = (day) => Math.min(Math.max(Math.round(day), low), high);

    function setWindow(a, b, { release = false } = {}) {
      view.window = [bound(Math.min(a, b)), bound(Math.max(a, b))];
      place();
      options.onMove();
      if (release) options.onRelease();
    }
    function shift(by) {
      const [a, b] = view.window, room = by > 0 ? Math.min(by, high - b) : Math.max(by, low - a);
      setWindow(a + room, b + room);
      follow();
      return room !== 0;
    }

    // Where only a part of time is drawn, it goes along with the window.
    function follow() {
      const [a, b] = view.window, span = shown[1] - shown[0];
      if (span >= high + 1 - low || (a >= shown[0] && b + 1 <= shown[1])) return;
      const start = Math.min(Math.max(b + 1 > shown[1] ? b + 1 - span : a, low), high + 1 - span);
      shown = [start, start + span];
      place();
      draw();
    }
    function showAll() {
      shown = [low, high + 1];
      place();
      draw();
    }

    function place() {
      const [a, b] = view.window, left = xOf(a), right = xOf(b + 1), end = track.clientWidth;
      const cut = (x) => Math.min(Math.max(x, 0), end);
      box.querySelector(".mihwar-whole")?.toggleAttribute("hidden", shown[1] - shown[0] >= high + 1 - low);
      first.style.left = cut(left) + "px";
      last.style.left = cut(right) + "px";
      first.hidden = left < -1 || left > end + 1;
      last.hidden = right < -1 || right > end + 1;
      grip.style.left = cut(left) + "px";
      grip.style.width = Math.max(8, cut(right) - cut(left)) + "px";
      const text = a === b ? say(a) : say(a) + " – " + say(b);
      label.textContent = view.mode === "cumulative" ? words.until.replace("{day}", say(b)) : text;
      label.dataset.window = iso(a) + "/" + iso(b);
      for (const [one, day] of [[first, a], [last, b], [grip, b]]) {
        one.setAttribute("aria-valuemin", low);
        one.setAttribute("aria-valuemax", high);
        one.setAttribute("aria-valuenow", day);
        one.setAttribute("aria-valuetext", one === grip ? text : say(day));
      }
      first.classList.toggle("mihwar-off", view.mode === "cumulative");
    }

    // --- bars
    function draw() {
      const ratio = window.devicePixelRatio || 1, width = track.clientWidth;
      if (!width || !colors || !daily) return;
      canvas.width = width * ratio;
      canvas.height = HEIGHT * ratio;
      const pen = canvas.getContext("2d"), cats = counts.categories(view.color), wide = daily.width;
      pen.scale(ratio, ratio);
      const days = shown[1] - shown[0], columns = Math.max(1, Math.min(Math.ceil(days), Math.floor(inner() / 3)));
      const sums = new Float64Array(columns * wide), totals = new Float64Array(columns);
      const from = Math.max(low, Math.floor(shown[0])), to = Math.min(high, Math.ceil(shown[1]));
      for (let day = from; day <= to; day++) {
        const column = Math.floor((day + 0.5 - shown[0]) / days * columns);
        if (column < 0 || column >= columns) continue;
        for (let code = 0; code < wide; code++) {
          const count = daily.counts[(day - low) * wide + code];
          sums[column * wide + code] += count;
          totals[column] += count;
        }
      }
      const most = Math.max(1, ...totals), tall = HEIGHT - 20, thick = Math.max(1.5, inner() / columns - 1);
      for (let column = 0; column < columns; column++) {
        let y = tall;
        for (let code = 0; code < wide; code++) {
          const count = sums[column * wide + code];
          if (!count) continue;
          const high = Math.max(1, count / most * (tall - 4));
          pen.fillStyle = cats[code].color;
          pen.fillRect(EDGE + column / columns * inner(), y - high, thick, high);
          y -= high;
        }
      }
      pen.fillStyle = colors.faint;
      pen.fillRect(EDGE, tall, inner(), 1);
      drawMonths(pen, tall);
    }

    function drawMonths(pen, tall) {
      pen.font = "11px system-ui, 'Noto Sans Arabic', sans-serif";
      pen.textBaseline = "top";
      const days = shown[1] - shown[0], day0 = new Date(shown[0] * DAY_MS);
      const short = new Intl.DateTimeFormat(options.lang === "ar" ? "ar-LY-u-nu-latn" : "en-GB", { month: "short", year: "2-digit", timeZone: "UTC" });
      const dayly = new Intl.DateTimeFormat(options.lang === "ar" ? "ar-LY-u-nu-latn" : "en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
      const fine = days < 70, ticks = [];
      if (fine) for (let day = Math.ceil(shown[0]); day <= shown[1]; day++) { if ((day - 4) % 7 === 0) ticks.push([day, dayly.format(new Date(day * DAY_MS))]); }
      else for (let at = new Date(Date.UTC(day0.getUTCFullYear(), day0.getUTCMonth(), 1)); at / DAY_MS <= shown[1]; at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))) ticks.push([at / DAY_MS, short.format(at)]);
      let free = -Infinity;
      for (const [day, text] of ticks) {
        const x = xOf(day), width = pen.measureText(text).width;
        if (x < EDGE) continue;
        pen.fillStyle = colors.faint;
        pen.fillRect(x, tall, 1, 4);
        if (x < free || x + width > track.clientWidth) continue;
        pen.fillStyle = colors.soft;
        pen.fillText(text, x, tall + 5);
        free = x + width + 12;
      }
    }

    // --- pointer
    function dragged(target, move) {
      target.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        stop();
        target.focus();
        target.setPointerCapture(event.pointerId);
        const left = track.getBoundingClientRect().left, start = dayAt(event.clientX - left), window0 = [...view.window];
        let moved = false;
        options.onDrag(true);
        const onMove = (e) => { moved = true; move(dayAt(e.clientX - left), start, window0); };
        const onUp = (e) => {
          target.removeEventListener("pointermove", onMove);
          target.removeEventListener("pointerup", onUp);
          target.removeEventListener("pointercancel", onUp);
          options.onDrag(false);
          if (!moved && target === grip) centre(dayAt(e.clientX - left));
          options.onRelease();
        };
        target.addEventListener("pointermove", onMove);
        target.addEventListener("pointerup", onUp);
        target.addEventListener("pointercancel", onUp);
      });
    }
    dragged(first, (day) => setWindow(Math.min(Math.round(day), view.window[1]), view.window[1]));
    dragged(last, (day) => setWindow(view.window[0], Math.max(Math.round(day) - 1, view.window[0])));
    dragged(grip, (day, start, [a, b]) => {
      const by = Math.min(Math.max(Math.round(day - start), low - a), high - b);
      setWindow(a + by, b + by);
    });
    function centre(day) {
      const half = (view.window[1] - view.window[0]) / 2;
      const a = Math.min(Math.max(Math.round(day - half), low), high - Math.round(2 * half));
      setWindow(a, a + Math.round(2 * half));
    }
    canvas.addEventListener("click", (event) => { centre(dayAt(event.offsetX)); options.onRelease(); });
    track.addEventListener("wheel", (event) => {
      event.preventDefault();
      const at = dayAt(event.clientX - track.getBoundingClientRect().left), factor = event.deltaY > 0 ? 1.25 : 0.8;
      const span = Math.min(Math.max((shown[1] - shown[0]) * factor, FEWEST_DAYS), high + 1 - low);
      const share = (at - shown[0]) / (shown[1] - shown[0]);
      const start = Math.min(Math.max(at - share * span, low), Math.max(low, high + 1 - span));
      shown = [start, start + span];
      place();
      draw();
    }, { passive: false });

    // --- keyboard
    track.addEventListener("keydown", (event) => {
      const [a, b] = view.window, by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 }[event.key];
      const far = event.shiftKey && by ? by * 7 : by;
      if (by) {
        if (event.target === first) setWindow(Math.min(a + far, b), b);
        else if (event.target === last) setWindow(a, Math.max(b + far, a));
        else shift(far);
      } else if (event.key === "Home") {
        if (event.target === first) setWindow(low, b); else if (event.target === last) setWindow(a, a); else shift(low - a);
      } else if (event.key === "End") {
        if (event.target === first) setWindow(b, b); else if (event.target === last) setWindow(a, high); else shift(high - b);
      } else if (event.key === " ") toggle();
      else return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== " ") options.onRelease();
    });

    // --- play
    let playing = 0, speed = 2, step = "day";
    const button = (className, name, icon, act) => {
      const made = element("button", className);
      made.replaceChildren(mihwarIcon(icon));
      made.type = "button";
      made.title = name;
      made.setAttribute("aria-label", name);
      made.addEventListener("click", act);
      return made;
    };
    const choice = (name, values, value, act) => {
      const made = element("select", "mihwar-choice", null);
      made.setAttribute("aria-label", name);
      made.title = name;
      for (const [id, text] of values) { const one = element("option", "", made, text); one.value = id; }
      made.value = value;
      made.addEventListener("change", () => act(made.value));
      return made;
    };
    const back = button("mihwar-step", words.step_back, "back", () => { stop(); shift(-STEPS[step]); options.onRelease(); });
    const play = button("mihwar-play", words.play, "play", toggle);
    const on = button("mihwar-step", words.step_on, "on", () => { stop(); shift(STEPS[step]); options.onRelease(); });
    const steps = choice(words.step_by, Object.keys(STEPS).map((k) => [k, words["step." + k]]), step, (v) => { step = v; });
    const speeds = choice(words.speed, SPEEDS.map((s) => [s, s + "×"]), speed, (v) => { speed = Number(v); if (playing) { stop(); toggle(); } });
    const modes = choice(words.mode_label, ["window", "cumulative", "trail"].map((k) => [k, words["mode." + k]]), view.mode, (v) => { view.mode = v; place(); options.onMove(); options.onRelease(); });
    const bys = choice(words.day_of, ["event", "report"].map((k) => [k, words["by." + k]]), view.by, (v) => { view.by = v; recount(); options.onMove(); options.onRelease(); });
    const transport = element("span", "mihwar-transport", bar);
    transport.dir = "ltr";  // the buttons of a player point the way time runs
    transport.append(back, play, on);
    const whole = button("mihwar-step mihwar-whole", words.whole_period, "whole", showAll);
    transport.append(whole);
    bar.append(speeds, steps, modes, bys);
    for (const extra of options.extras || []) bar.append(extra);

    function tick() {
      const whole = view.window[0] === low && view.window[1] === high;
      if (whole) setWindow(low, low + Math.min(29, high - low));  // the whole has nowhere to go
      else if (!shift(STEPS[step])) { stop(); options.onRelease(); }
    }
    function toggle() {
      if (playing) { stop(); options.onRelease(); return; }
      if (view.window[1] >= high) {
        const span = view.window[1] - view.window[0] >= high - low ? Math.min(29, high - low) : view.window[1] - view.window[0];
        setWindow(low, low + span);
      }
      options.onDrag(true);
      playing = setInterval(tick, 1000 / speed);
      play.replaceChildren(mihwarIcon("pause"));
      play.setAttribute("aria-label", words.pause);
      play.title = words.pause;
    }
    function stop() {
      if (!playing) return;
      clearInterval(playing);
      playing = 0;
      options.onDrag(false);
      play.replaceChildren(mihwarIcon("play"));
      play.setAttribute("aria-label", words.play);
      play.title = words.play;
    }

    function recount() { daily = counts.daily(view); draw(); }
    const watcher = new ResizeObserver(() => { place(); draw(); });
    watcher.observe(track);
    place();
    return {
      recount, place,
      // A time-lapse: the window goes from the first day to the last, so many days wide.
      play(days) { speed = SPEEDS[SPEEDS.length - 1]; speeds.value = speed; setWindow(low, Math.min(low + days - 1, high)); if (!playing) toggle(); },
      setCounts(next) {
        const all = view.window[0] <= low && view.window[1] >= high;
        counts = next;
        [low, high] = [next.data.first_day, next.data.last_day];
        shown = [low, high + 1];
        // A window over everything stays one; another keeps its days, inside the new bounds.
        view.window = all ? [low, high] : [bound(view.window[0]), bound(view.window[1])];
        recount();
        place();
      },
      paint(c) { colors = c; draw(); },
      remove() { stop(); watcher.disconnect(); box.remove(); },
    };
  }

  return { create, iso };
}
