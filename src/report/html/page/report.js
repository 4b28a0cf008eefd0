"use strict";
(() => {
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const one = (id) => document.getElementById(id);
  const root = document.documentElement;
  root.dataset.script = "on";
  all("[data-needs-script]").forEach((part) => { part.hidden = false; });

  // A theme of the reader's choice; without one the system decides.
  const theme = one("theme");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    theme.setAttribute("aria-pressed", String(isDark()));
  });

  // The filter: one choice for the matrix, the lanes, the classes and the findings.
  const FIRST = 40;
  const rows = all("[data-row]");
  const groups = new Map();
  rows.forEach((row) => {
    const group = row.closest("[data-group]");
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(row);
  });
  const open = new Set();
  const fields = ["path", "owner", "verdict"];
  const text = one("filter-class");
  const choice = (field) => one("filter-" + field).value;
  // A search looks at all that the page says of a consumer, wherever the row is.
  const said = new Map();
  all("details.class[data-row]").forEach((part) => said.set(part.dataset.position, part.textContent.toLowerCase()));
  const words = (row) => said.get(row.dataset.position) || "";
  const fits = (row) => {
    const wanted = text.value.trim().toLowerCase();
    if (wanted && !words(row).includes(wanted)) return false;
    return fields.every((field) => !choice(field) || row.dataset[field] === choice(field));
  };
  const isFiltered = () => text.value.trim() !== "" || fields.some((field) => choice(field) !== "");
  const refresh = () => {
    for (const [group, members] of groups) {
      const fitting = members.filter(fits);
      const shown = open.has(group) ? fitting.length : FIRST;
      members.forEach((row) => { row.hidden = true; });
      fitting.slice(0, shown).forEach((row) => { row.hidden = false; });
      const more = document.querySelector('.more[data-more="' + group.dataset.group + '"]');
      if (more) {
        const rest = Math.max(0, fitting.length - shown);
        more.hidden = rest === 0;
        more.textContent = "Show " + rest + " more";
      }
    }
    const matrix = all("#matrix tbody [data-row]");
    const fitting = matrix.filter(fits).length;
    one("filter-count").textContent = isFiltered() ? fitting + " of " + matrix.length + " classes" : matrix.length + (matrix.length === 1 ? " class" : " classes");
  };
  // Each group keeps the order of urgency in which it was written.
  const orders = new Map([...groups].map(([group, members]) => [group, [...members]]));
  const sort = one("sort");
  sort.addEventListener("input", () => {
    const by = sort.value, text = (row) => row.dataset[by] || "";
    for (const [group, members] of groups) {
      members.splice(0, members.length, ...orders.get(group));
      if (by === "old") members.sort((one, two) => Number(text(two)) - Number(text(one)));
      else if (by) members.sort((one, two) => text(one).localeCompare(text(two)));
      members.forEach((row) => group.append(row));
    }
    refresh();
  });
  // A row of the matrix is one stop of the tab key; the arrows go from link to link in it.
  all("#matrix tbody tr").forEach((row) => {
    const links = all("a", row);
    links.slice(1).forEach((link) => { link.tabIndex = -1; });
    row.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && links[links.indexOf(document.activeElement) + step];
      if (next) { next.focus(); event.preventDefault(); }
    });
  });
  all(".more").forEach((more) => more.addEventListener("click", () => {
    for (const group of groups.keys()) if (group.dataset.group === more.dataset.more) open.add(group);
    refresh();
  }));
  [text, ...fields.map((field) => one("filter-" + field))].forEach((field) => field.addEventListener("input", refresh));
  one("filter-clear").addEventListener("click", () => {
    text.value = "";
    fields.forEach((field) => { one("filter-" + field).value = ""; });
    refresh();
    text.focus();
  });
  refresh();

  // Whatever a link leads to is shown and opened: the parts around it, and what it holds first.
  const reveal = () => {
    const target = location.hash.length > 1 && one(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const own = target.tagName === "DETAILS" ? target : target.querySelector("details");
    if (own) own.open = true;
    for (let part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
      if (part.hidden && part.dataset.row !== undefined) part.hidden = false;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  // A second click on the same link opens it again.
  document.addEventListener("click", (event) => { const link = event.target.closest('a[href^="#"]'); if (link && link.hash === location.hash) reveal(); });
  reveal();

  // A line to paste goes to the clipboard; where that is not allowed it is selected.
  all(".copy").forEach((button) => button.addEventListener("click", async () => {
    const line = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(line.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(line);
      button.textContent = "Selected";
    }
  }));

  // On paper: what is open, and always what is missing and the matrix.
  let forPaper = [];
  addEventListener("beforeprint", () => { forPaper = all("#next > details, #matrix > details").filter((part) => !part.open); forPaper.forEach((part) => { part.open = true; }); });
  addEventListener("afterprint", () => { forPaper.forEach((part) => { part.open = false; }); });

  // The timeline.
  const plots = one("plots");
  if (!plots) return;
  const tip = one("tip");
  const from = Number(plots.dataset.from), to = Number(plots.dataset.to);
  const say = (mark) => { tip.textContent = mark ? mark.dataset.tip : ""; };
  let current = null;
  const choose = (mark) => {
    if (current) current.classList.remove("on");
    current = mark;
    if (mark) mark.classList.add("on");
    say(mark);
  };
  all(".m, .bar, .hole", plots).forEach((mark) => {
    const title = mark.querySelector("title");
    if (title) { mark.dataset.tip = title.textContent; }
    mark.addEventListener("mouseenter", () => choose(mark));
  });
  plots.addEventListener("mouseleave", () => choose(null));
  // The members of a class have lanes of their own, below it.
  const members = (track) => {
    const button = track.querySelector(".members");
    if (!button) return;
    const part = track.querySelector(".of-members");
    part.hidden = !part.hidden;
    button.setAttribute("aria-expanded", String(!part.hidden));
  };
  // A lane is one stop of the tab key: Enter goes to its consumer, Space opens its members.
  all(".track", plots).forEach((track) => {
    all(".lane a, .members", track).forEach((part) => { part.tabIndex = -1; });
    const button = track.querySelector(".members");
    if (button) button.addEventListener("click", () => members(track));
  });
  all("svg[tabindex]", plots).forEach((lane) => lane.addEventListener("keydown", (event) => {
    const track = lane.closest(".track"), link = track && track.querySelector("a");
    if (event.key === "Enter" && link) { link.click(); return; }
    if (event.key === " " && track) { members(track); event.preventDefault(); return; }
    const left = (mark) => mark.getBoundingClientRect().left;
    const marks = all(".m, .bar, .hole", lane).sort((one, two) => left(one) - left(two));
    const at = marks.indexOf(current);
    const steps = { ArrowRight: at + 1, ArrowLeft: at < 0 ? marks.length - 1 : at - 1, Home: 0, End: marks.length - 1 };
    if (event.key in steps && marks.length) {
      choose(marks[Math.min(Math.max(steps[event.key], 0), marks.length - 1)]);
      const box = current.getBoundingClientRect(), frame = plots.getBoundingClientRect();
      const label = lane.parentElement.firstElementChild.offsetWidth;
      if (box.left < frame.left + label || box.right > frame.right) plots.scrollLeft += box.left - frame.left - label - 40;
      event.preventDefault();
    } else if (event.key === "Escape") {
      choose(null);
    } else if (event.key === "+" || event.key === "=") { zoom(2); } else if (event.key === "-") { zoom(0.5); } else if (event.key === "0") { zoom(0); }
  }));

  const STEPS = [1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 7200, 14400, 43200, 129600].map((minutes) => minutes * 60000);
  const two = (number) => String(number).padStart(2, "0");
  const axis = one("axis");
  let factor = 1;
  const ticks = () => {
    const room = Math.max(axis.clientWidth, 1);
    const step = STEPS.find((step) => (to - from) / step * 110 < room) || STEPS[STEPS.length - 1];
    const axes = [axis, ...all(".ticks", plots)];
    axes.forEach((one) => one.replaceChildren());
    const make = (name, values, text = "") => axes.forEach((axis) => {
      const part = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key in values) part.setAttribute(key, values[key]);
      part.textContent = text;
      axis.append(part);
    });
    for (let time = Math.ceil(from / step) * step; time < to; time += step) {
      const x = (time - from) / (to - from) * 100 + "%", day = new Date(time);
      make("line", { x1: x, x2: x, y1: 18, y2: 26 });
      const clock = step < 1440 * 60000 ? " " + two(day.getUTCHours()) + ":" + two(day.getUTCMinutes()) : "";
      make("text", { x, y: 14, "text-anchor": "middle" }, two(day.getUTCMonth() + 1) + "-" + two(day.getUTCDate()) + clock);
    }
  };
  const zoom = (by) => {
    const label = plots.querySelector(".who").offsetWidth;
    const middle = (plots.scrollLeft + (plots.clientWidth - label) / 2) / Math.max(axis.clientWidth, 1);
    factor = by === 0 ? 1 : Math.min(Math.max(factor * by, 1), 32);
    root.style.setProperty("--zoom", String(factor));
    plots.scrollLeft = middle * axis.clientWidth - (plots.clientWidth - label) / 2;
    one("zoom-level").textContent = factor + "×";
    ticks();
  };
  one("zoom-in").addEventListener("click", () => zoom(2));
  one("zoom-out").addEventListener("click", () => zoom(0.5));
  one("zoom-all").addEventListener("click", () => zoom(0));
  plots.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 2 : 0.5);
  }, { passive: false });
  addEventListener("resize", ticks);
  one("timeline").firstElementChild.addEventListener("toggle", ticks);
  ticks();
})();
