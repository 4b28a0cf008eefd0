// Opens reports in headless Chromium and looks at them as a reader, a keyboard and an auditor would.
// node check.mjs CHROMIUM FOLDER: FOLDER holds clean.html, hostile-N.html and many.html; screenshots are left beside them.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [executablePath, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: quiet });
let passed = 0;
// What the console is to say in one place: the policy stopping a script.
let expected = "\u0000";
const failures = [];
const check = (holds, what) => { if (holds) passed += 1; else { failures.push(what); console.log("FAIL " + what); } };

// The elements of a page without the words in them. `code` comes and goes with backticks.
const shape = () => [...document.querySelectorAll("*")].filter((part) => part.tagName !== "CODE" && part.tagName !== "OPTION" && !part.closest("#axis"))
  .map((part) => part.tagName + (part.id ? "#" + part.id : "") + "." + [...part.attributes].map((one) => one.name).sort().join(",")).join("\n");

const open = async (name, options) => {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const url = pathToFileURL(join(folder, name)).href;
  page.on("console", (line) => { if (line.text().includes(expected)) return; if (line.type() === "error" || line.type() === "warning") check(false, name + ": console: " + line.text()); });
  page.on("pageerror", (error) => check(false, name + ": error: " + error));
  page.on("dialog", (dialog) => { check(false, name + ": a dialog opened"); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url() !== url) check(false, name + ": asked for " + request.url()); });
  await page.goto(url);
  return { context, page };
};

// All parts of a page, as a reader opens them.
const unfold = (page) => page.evaluate(() => document.querySelectorAll("main details.part, main details.class").forEach((part) => { part.open = true; }));

const audit = async (page, name) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  check(serious.length === 0, name + ": " + serious.map((one) => one.id + " at " + one.nodes.slice(0, 3).map((node) => node.target + " " + node.failureSummary).join(" | ")).join("; "));
  check(found.passes === undefined || found.passes.length > 10, name + ": the audit looked at nothing");
};

const sizes = { desktop: { width: 1400, height: 900 }, phone: { width: 390, height: 844 } };
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    const name = `clean ${size} ${colorScheme}`;
    const { context, page } = await open("clean.html", { viewport, colorScheme });
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), name + ": wider than the screen");
    await page.screenshot({ path: join(folder, `clean-${size}-${colorScheme}.png`), fullPage: true });
    await audit(page, name);
    const folded = await page.evaluate(() => document.documentElement.scrollHeight);
    check(folded <= (size === "phone" ? 3400 : 1700), name + ": folded it is " + folded + " px high");
    for (const what of [".counts", "#first li", "#first .steps .paste"]) check(await page.locator(what).first().isVisible(), name + ": the first screen has " + what);
    check(await page.locator("main section > details[open]").count() === 0, name + ": the rest is folded");
    await unfold(page);
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1), name + ": wider than the screen, unfolded");
    await page.screenshot({ path: join(folder, `clean-${size}-${colorScheme}-open.png`), fullPage: true });
    await audit(page, name + " unfolded");
    await context.close();
  }
}

{
  const { context, page } = await open("clean.html", { viewport: sizes.desktop });
  const visible = (what) => page.locator(what).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
  const rows = "#matrix tbody tr";
  check(await visible(rows) === 0, "the matrix is folded at first");
  await page.click('nav a[href="#matrix"]');
  check(await page.locator("#matrix > details").evaluate((part) => part.open), "a link opens its part");
  await page.click('#first a[href="#F1"]');
  check(await page.locator("#F1").isVisible(), "a link to a finding opens what holds it");
  await unfold(page);
  const before = await visible(rows);
  check(before === 6, "all classes of the matrix are shown: " + before);
  const name = await page.locator(rows).first().getAttribute("data-class");
  await page.fill("#filter-class", name);
  check(await visible(rows) === 1 && await visible(".track[data-row]") === 1 && await visible("details.class[data-row]") === 1, "the filter leaves one row, lane and class");
  check((await page.textContent("#filter-count")) === "1 of 6 classes", "the filter says how many are left");
  await page.fill("#filter-class", "");
  for (const field of ["path", "owner", "verdict"]) {
    const value = await page.locator(rows).first().getAttribute("data-" + field);
    await page.selectOption("#filter-" + field, value);
    const fitting = await page.locator(`${rows}[data-${field}="${value}"]`).count();
    check(await visible(rows) === fitting && fitting > 0, "the filter by " + field);
    await page.selectOption("#filter-" + field, "");
  }
  await page.fill("#filter-class", "no such class");
  check(await visible(rows) === 0, "a filter that fits nothing shows nothing");
  await page.click("#filter-clear");
  check(await visible(rows) === before, "clearing shows all again");

  const marks = await page.locator("#plots .lane:not(.member) .m").evaluateAll((all) => all.map((one) => { const box = one.getBoundingClientRect(); return { kind: one.classList[1], x: box.x, y: box.y }; }));
  check([...new Set(marks.map((mark) => mark.kind))].sort().join() === "bare,degraded,failure,new,old,usual", "each kind of mark is drawn");
  check(new Set(marks.slice(0, 6).map((mark) => Math.round(mark.y))).size === 5, "each kind has a height of its own");
  for (const what of [".bar.not_ready", ".bar.cost", ".when.introduced", ".window", ".hole"]) check(await page.locator("#plots " + what).count() > 0, what + " is drawn");
  const width = () => page.locator("#axis").evaluate((axis) => axis.clientWidth);
  const whole = await width();
  await page.click("#zoom-in");
  check(Math.abs(await width() / whole - 2) < 0.05 && (await page.textContent("#zoom-level")) === "2×", "zooming in");
  await page.click("#zoom-all");
  check(await width() === whole, "the whole span again");
  await page.locator("#plots svg[tabindex]").nth(1).focus();
  await page.keyboard.press("ArrowRight");
  const told = await page.textContent("#tip");
  check(/old version used: \d+, 2026/.test(told), "a key tells the first mark: " + told);
  await page.keyboard.press("End");
  check((await page.textContent("#tip")) !== told, "a key tells the last mark");
  await page.keyboard.press("Escape");
  check((await page.textContent("#tip")) === "", "Escape tells nothing");

  await page.locator(".finding .cited summary").first().click();
  check(await page.locator(".instants text").count() >= 2 && await page.locator(".legend .when.introduced").count() === 1, "instants have labels and a legend");
  const uneven = await page.locator("#plots .lane").evaluateAll((all) => all.filter((lane) => lane.checkVisibility() && Math.abs(lane.children[0].offsetHeight - lane.children[1].getBoundingClientRect().height) > 1).length);
  check(uneven === 0, "bands are as high as their labels, but for " + uneven);
  check(await page.locator("#plots .axis").count() === 2, "the curves have an axis below them");
  check(await page.locator("#plots .m.usual").count() === 1 && await page.locator("#plots .m.failure").count() === 2, "failures as before the change are marked apart");
  const members = page.locator(".members").first();
  await members.click();
  check(await page.locator(".member").first().isVisible() && (await members.getAttribute("aria-expanded")) === "true", "a click opens the members of a class on lanes of their own");
  await members.click();
  const stops = await page.locator("#matrix tbody tr").evaluateAll((all) => all.map((row) => row.querySelectorAll("a:not([tabindex='-1'])").length));
  check(stops.every((stop) => stop === 1), "a row of the matrix is one tab stop: " + stops);
  check((await page.locator(".track").evaluateAll((all) => all.map((track) => track.querySelectorAll(".lane:not(.member) svg[tabindex='0'], a:not([tabindex='-1']), button:not([tabindex='-1'])").length))).every((stop) => stop === 1), "a lane is one tab stop");
  await page.selectOption("#sort", "class");
  const sorted = await page.locator(rows).evaluateAll((all) => all.map((row) => row.dataset.class));
  check(sorted.join() === [...sorted].sort().join(), "rows sort by name: " + sorted);
  await page.selectOption("#sort", "");
  check((await page.locator(rows).first().getAttribute("data-class")) === name, "and by urgency again");
  await page.fill("#filter-class", "critical-rare-path");
  check(await visible(rows) === 1, "a search finds the consumer of a finding");
  await page.click("#filter-clear");
  await page.locator(".paste .copy").first().click();
  const copied = await page.locator(".paste .copy").first().filter({ hasText: /^(Copied|Selected)$/ }).waitFor({ timeout: 5000 }).then(() => true, () => false);
  check(copied, "a line can be copied");
  const pdf = await page.context().newPage();
  await pdf.goto(page.url().split("#")[0]);
  const pages = ((await pdf.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page[^s]/g) || []).length;
  check(pages > 0 && pages <= 4, "it prints in few pages: " + pages);
  await pdf.close();

  const cite = page.locator(".finding .cites a.id").first();
  const id = await cite.textContent();
  await cite.click();
  check(await page.locator(`#${id}`).evaluate((part) => part.open), "a citation opens its record");
  check(await page.locator(`#${id} pre`).first().isVisible(), "the record can be read");
  await page.click("#theme");
  check(await page.evaluate(() => document.documentElement.dataset.theme) === "dark", "the theme can be chosen");
  await audit(page, "clean, chosen theme");

  // What gets in all the same is stopped by the policy.
  expected = "Executing inline script violates";
  const blocked = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.got_in = true";
    document.body.append(script);
    return window.got_in !== true;
  });
  check(blocked, "the policy stops a script that is not the page's own");
  await page.waitForTimeout(200);
  expected = "\u0000";
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: join(folder, "clean-print.png"), fullPage: true });
  await context.close();
}

{
  const { context, page } = await open("many.html", { viewport: sizes.desktop });
  const high = await page.evaluate(() => document.documentElement.scrollHeight);
  check(high <= 1700, "with many classes the page is as high as with few: " + high);
  await page.screenshot({ path: join(folder, "many-first.png") });
  await unfold(page);
  const visible = await page.locator("#matrix tbody tr").evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
  check(visible === 40, "of many classes the first 40 are shown: " + visible);
  check((await page.locator('.more[data-more="matrix"]').textContent()) === "Show 260 more", "and how many more there are");
  check((await page.locator("#matrix tbody tr").first().getAttribute("data-verdict")) === "not_ready", "the most urgent first");
  await page.click('.more[data-more="matrix"]');
  check(await page.locator("#matrix tbody tr").last().isVisible(), "all of them on demand");
  await page.screenshot({ path: join(folder, "many-desktop.png") });
  await context.close();
}

{
  const { context, page } = await open("clean.html", { viewport: sizes.desktop, javaScriptEnabled: false });
  await page.click("#matrix > details > summary");
  check(await page.locator("#matrix tbody tr").last().isVisible() && await page.locator(".filter").isHidden(), "without scripts all is shown, and nothing that needs one");
  await context.close();
}

const plain = await open("hostile-0.html", { viewport: sizes.desktop });
const wanted = await plain.page.evaluate(shape);
await plain.context.close();
for (const name of readdirSync(folder).filter((name) => /^hostile-[1-9]\d*\.html$/.test(name))) {
  const { context, page } = await open(name, { viewport: sizes.desktop });
  check(await page.evaluate(shape) === wanted, name + ": the page has other elements than with plain text");
  check((await page.textContent(".verdict .word")).trim() === "✗ not ready", name + ": the verdict is another");
  check(await page.locator("a:not([href^='#'])").count() === 0, name + ": a link leads out");
  const hidden = await page.evaluate(() => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/.exec(document.body.innerText));
  check(hidden === null, name + ": a character that hides or steers");
  await context.close();
}
await browser.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 && passed > 60 ? 0 : 1);
