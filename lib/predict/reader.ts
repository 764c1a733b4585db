import { FEATURES, type Feature, GROUPS, oneCase, PROPERTIES, table, words } from "../../tables/current";
import { type DecimalSign, plainNumber, provesSign } from "../number-text";
import { findFeature, findGroup, findProperty } from "../prediction/measurement-names";
import { isOutside, parseMeasurement } from "../prediction/measurement-text";
import { isMissing, levelOf } from "../prediction/value";
import { fail, ok, type Result } from "../result";
import { divide } from "./text-table";

/**
 * The one reader of measurements: text as people copy it out of files, spreadsheets and programs. Names decide the order
 * wherever there are names; else the shape does, a row in the table's order or the form's grid, if it has one. Where neither
 * is sure, it asks or refuses: a wrong answer is worse than none.
 */

/** One way to read a text: each case's values in the table's order, or why it has none. */
export type Way = {
  cases: readonly Result<readonly number[], string>[];
  /** What the text was taken for, in words. */
  layout: string;
  decimal: DecimalSign;
  /** What of it is no measurement, as it stands there. */
  left: readonly string[];
};

/** Read in one way; in ways that somebody has to choose from, for a reason; or not at all. */
export type Reading =
  | { kind: "read"; way: Way }
  | { kind: "unsure"; reason: string; ways: readonly Way[] }
  | { kind: "refused"; reason: string };

/** The outcome of reading a text in one way. Of several refusals, the one with the highest `rank` is shown. */
type Attempt = { ways: Way[]; isSure: boolean; reason: string; rank: number };

const COUNT = FEATURES.length;
/** What a row has, in words. */
const VALUES = FEATURES.every(({ type }) => type === "number") ? "numbers" : "values";
/** Both 0 where the table has none. */
const GRID = { rows: PROPERTIES.length, columns: GROUPS.length };
/** An id and a label. */
const MOST_BESIDE = 2;

/** Reads measurements out of a text. */
export function readMeasurements(text: string): Reading {
  const tables = divide(text.replace(/^\uFEFF/, "")).filter((cells) => cells.length > 0);
  const attempts = tables.map(readTable);
  const certain = attempts.filter(({ isSure }) => isSure).flatMap(({ ways }) => ways);
  const whole = certain.filter(({ cases }) => cases.every(({ ok }) => ok));
  const sure = distinct(whole.length > 0 ? whole : certain);
  const [way, ...others] = sure;
  if (way !== undefined && others.length === 0) return { kind: "read", way };
  const ways = way === undefined ? distinct(attempts.flatMap((attempt) => attempt.ways)) : sure;
  const best = attempts.toSorted((a, b) => b.rank - a.rank)[0];
  if (ways.length > 0) return { kind: "unsure", reason: best?.reason ?? "", ways };
  return { kind: "refused", reason: best?.reason ?? `there is no row of ${COUNT} ${VALUES} in it.` };
}

function distinct(ways: readonly Way[]): Way[] {
  const seen = new Map(ways.toReversed().map((way) => [JSON.stringify(way.cases), way]));
  return [...seen.values()].toReversed();
}

const surely = (way: Way): Attempt => ({ ways: [way], isSure: true, reason: "", rank: 9 });
const unsure = (ways: Way[], reason: string): Attempt => ({ ways, isSure: false, reason, rank: 8 });
const refused = (reason: string, rank: number): Attempt => ({ ways: [], isSure: false, reason, rank });
const refusedFor = (missing: readonly Feature[]) =>
  refused(`${listed(missing.map(({ label }) => label))} ${missing.length === 1 ? "is" : "are"} missing.`, 6);

function readTable(cells: string[][]): Attempt {
  const [first = []] = cells;
  if (countNames(first) >= 2) return readNamed(first, cells.slice(1), "");
  const column = cells.map(([name = ""]) => name);
  if (countNames(column) >= 2) return readNamedLines(column, cells);
  if (column.filter(findProperty).length >= 2 || column.filter(findGroup).length >= 2)
    return readNamedGrid(cells);
  // Names above the columns alone: the lines are in the form's order.
  if (first.every(findGroup) && cells.length === GRID.rows + 1)
    return readNamedGrid(nameLines(PROPERTIES, cells), false);
  if (first.every(findProperty) && cells.length === GRID.columns + 1)
    return readNamedGrid(nameLines(GROUPS, cells), false);
  // A title, or the counts and the class names that a file of scikit-learn begins with.
  const isTitle =
    first.length !== cells[1]?.length &&
    first.length < (GRID.rows || COUNT) &&
    first.some((cell) => !isNumber(cell));
  return isTitle && cells.length > 1 ? readShape(cells.slice(1), [first.join(", ")]) : readShape(cells, []);
}

const nameLines = (names: readonly { key: string }[], [top = [], ...lines]: string[][]) => [
  top,
  ...lines.map((line, index) => [names[index]?.key ?? "", ...line]),
];

const countNames = (names: readonly string[]) =>
  names.filter((name) => findFeature(name) !== undefined).length;
const isValue = (cell: string) => isNumber(cell) || isMissing(cell) || isCode(cell) || isLevel(cell);
const isLevel = (cell: string) => FEATURES.some((feature) => levelOf(feature, cell) !== null);
const isNumber = (cell: string) => plainNumber(cell, ".") !== null || plainNumber(cell, ",") !== null;
const CODES = [...Object.values(table.classes), ...Object.values(words.classes).map(({ word }) => word)];
const isCode = (cell: string) => CODES.some((code) => code.toLowerCase() === cell.toLowerCase());

// ── Names

/** Lines of cells below a line of names. */
function readNamed(names: string[], lines: string[][], layout: string): Attempt {
  while (names.at(-1) === "") names = names.slice(0, -1);
  const places = FEATURES.map((feature) =>
    names.flatMap((name, place) => (findFeature(name) === feature ? [place] : [])),
  );
  const twice = FEATURES.find((_, index) => (places[index]?.length ?? 0) > 1);
  if (twice !== undefined) return refused(`${twice.label} is named more than once.`, 7);
  const missing = FEATURES.filter((_, index) => places[index]?.length === 0);
  if (missing.length > 0) return refusedFor(missing);
  if (lines.length === 0) return refused("there are names, and no values.", 7);
  const others = names.filter((name) => name !== "" && findFeature(name) === undefined);
  const rows = lines.map((line) => {
    const row = line.length > names.length ? withoutEmptyEnd(line, names.length) : line;
    if (row.length !== names.length) return null;
    return places.map(([place = -1]) => row[place] ?? "");
  });
  const { values, decimal } = readRows(rows.filter((row) => row !== null));
  const read = values.values();
  const cases = rows.map(
    (row, index): Way["cases"][number] =>
      (row === null ? undefined : read.next().value) ??
      fail(`it has ${lines[index]?.length} cells where the names are ${names.length}.`),
  );
  const what = cases.length === 1 ? "names and a row" : `names and ${cases.length} rows`;
  return oneOrMore({ cases, layout: layout || what, decimal, left: others });
}

/** A name in front of each line; what follows it is one case or more. */
function readNamedLines(names: string[], lines: string[][]): Attempt {
  const width = Math.max(...lines.map((line) => line.length));
  if (width < 2) return refused("there are names, and no values.", 7);
  const cases = Array.from({ length: width - 1 }, (_, place) => lines.map((line) => line[place + 1] ?? ""));
  return readNamed(names, cases, `${names.length} names with their values`);
}

/** Lines of the form's grid, named by property and perhaps a line of groups above; or the same the other way round. */
function readNamedGrid(cells: string[][], hasLineNames = true): Attempt {
  const [first = []] = cells;
  const hasTop = first
    .slice(1)
    .some((name) => findGroup(name) !== undefined || findProperty(name) !== undefined);
  const lines = hasTop ? cells.slice(1) : cells;
  const isByProperty = lines.some(([name = ""]) => findProperty(name) !== undefined);
  const [across, down] = isByProperty ? [GROUPS, PROPERTIES] : [PROPERTIES, GROUPS];
  const [findAcross, findDown] = isByProperty ? [findGroup, findProperty] : [findProperty, findGroup];
  // A line of names may leave out the corner.
  const top = hasTop
    ? first.slice(first.length - ((lines[0]?.length ?? 0) - 1))
    : across.map(({ key }) => key);
  const named = new Map<string, string>();
  for (const [name = "", ...values] of lines) {
    const ofLine = findDown(name);
    if (ofLine === undefined) return refused(`“${name}” is not a name that is known here.`, 6);
    if (values.length !== top.length)
      return refused(`the line of ${name} has ${values.length} values, not ${top.length}.`, 6);
    for (const [place, value] of values.entries()) {
      const ofColumn = findAcross(top[place] ?? "");
      const key =
        ofColumn && (isByProperty ? `${ofLine.key} ${ofColumn.key}` : `${ofColumn.key} ${ofLine.key}`);
      if (key === undefined) continue;
      if (named.has(key)) return refused(`“${name}” is there more than once.`, 7);
      named.set(key, value);
    }
  }
  const missing = FEATURES.filter((feature) => !named.has(`${feature.property} ${feature.group}`));
  if (missing.length > 0) return refusedFor(missing);
  const row = FEATURES.map((feature) => named.get(`${feature.property} ${feature.group}`) ?? "");
  const { values, decimal } = readCase(row);
  const layout = gridLayout(down.length, across);
  if (!(hasTop && hasLineNames) && values.ok && !fits(values.value))
    return refused(`read as ${layout}, ${NOT_ONE_CASE}`, 5);
  return oneOrMore({ cases: [values], layout, decimal, left: [] });
}

const gridLayout = (lines: number, across: readonly { label: string }[]) =>
  `${lines} lines of ${listed(across.map(({ label }) => label))}`;

// ── Shape

function readShape(cells: string[][], titles: string[]): Attempt {
  const lines = cells.length;
  const width = cells[0]?.length ?? 0;
  const isEven = cells.every((line) => line.length === width);
  const word = cells.flat().find((cell) => !isValue(cell));
  if (word !== undefined && lines > 1 && cells[0]?.includes(word) && !cells[0].some(isNumber)) {
    const reason = `the first line is names that are not known here, “${word}” among them.`;
    return refused(reason, width > 2 ? 3 : 0);
  }
  if (isEven && lines === GRID.rows && width === GRID.columns) {
    const row = fromGrid((property, group) => cells[property]?.[group]);
    return readGrid(row, gridLayout(GRID.rows, GROUPS), titles);
  }
  if (isEven && lines === GRID.columns && width === GRID.rows) {
    const row = fromGrid((property, group) => cells[group]?.[property]);
    const layout = `${GRID.columns} lines (${listed(GROUPS.map(({ label }) => label))}) of ${GRID.rows}`;
    return readGrid(row, layout, titles);
  }
  if (isEven && width === 1 && lines >= COUNT) {
    return readRow(cells.flat(), `${COUNT} lines of one number`, titles);
  }
  if (isEven && width === 2 && lines === COUNT && isCounted(cells)) {
    return readRow(
      cells.map(([, value = ""]) => value),
      `${COUNT} numbered lines`,
      [...titles, "the numbers of the lines"],
    );
  }
  if (lines === 1) return readRow(cells[0] ?? [], `a row of ${COUNT} ${VALUES}`, titles);
  if (cells.every((line) => line.length >= COUNT)) return readManyRows(cells, titles);
  return refused(
    isEven
      ? `this has ${lines} lines of ${width}.`
      : `this has ${lines} lines of different lengths, ${cells.flat().length} cells in all.`,
    isEven ? 2 : 1,
  );
}

/** Whether the first cells are 0, 1, 2 … or 1, 2, 3 …. */
const isCounted = (cells: string[][]) =>
  [0, 1].some((start) => cells.every(([first], index) => first === String(index + start)));

/** A row in the table's order, of the cells that stand for each property and group of the form's grid. */
const fromGrid = (cellAt: (property: number, group: number) => string | undefined) =>
  FEATURES.map((feature) => {
    const property = PROPERTIES.findIndex(({ key }) => key === feature.property);
    const group = GROUPS.findIndex(({ key }) => key === feature.group);
    return cellAt(property, group) ?? "";
  });

function readGrid(row: string[], layout: string, left: string[]): Attempt {
  const { values, decimal } = readCase(row);
  if (!values.ok) return refused(values.error, 5);
  if (fits(values.value)) return surely({ cases: [values], layout, decimal, left });
  return refused(`read as ${layout}, ${NOT_ONE_CASE}`, 5);
}

/** How many cells in front of a row and behind it are no measurements. */
type Beside = { front: number; back: number };

function waysBeside(width: number): Beside[] {
  const over = width - COUNT;
  if (over < 0 || over > MOST_BESIDE) return [];
  return Array.from({ length: over + 1 }, (_, front) => ({ front, back: over - front }));
}

/** One choice of the numbers in a row: read for sure, left for a person to decide, or refused. */
type RowReading = {
  left: string[];
  isSure: boolean;
  values: Result<readonly number[], string>;
  decimal: DecimalSign;
  rank: number;
};

function readBeside(cells: string[], { front, back }: Beside): RowReading {
  const row = cells.slice(front, cells.length - back);
  const left = [...cells.slice(0, front), ...cells.slice(cells.length - back)];
  const isSure = left.every(
    (cell, index) => cell === "" || isCode(cell) || isBinary(cell) || (index < front && isId(cell)),
  );
  const no = (reason: string, rank: number): RowReading => ({
    left,
    isSure: false,
    values: fail(reason),
    decimal: ".",
    rank,
  });
  // A small whole number in front may count the rows.
  const maySay = left.every((cell, index) => index < front && /^\d{1,3}$/.test(cell));
  if (!isSure && !maySay) return no(`this has ${cells.length} values.`, 2);
  const ends = [
    { place: "first", cell: row[0] ?? "", feature: FEATURES[0] },
    { place: "last", cell: row.at(-1) ?? "", feature: FEATURES.at(-1) },
  ];
  const isNoValue = ({ place, cell, feature }: (typeof ends)[number]) =>
    (feature === undefined || levelOf(feature, cell) === null) &&
    (isCode(cell) || (place === "first" && isId(cell)));
  const isLabel = ({ cell, feature }: (typeof ends)[number]) =>
    isBinary(cell) && feature?.type === "number" && isOutside(Number(cell), feature);
  const { values, decimal } = readCase(row);
  const isLikely = values.ok && (isSure ? fits(values.value) : fitsWell(values.value));
  const none = ends.find(isNoValue) ?? (isLikely ? ends.find(isLabel) : undefined);
  if (none !== undefined) {
    return no(
      `the ${none.place} value, “${none.cell}”, is an id or a label, so that ${COUNT - 1} ${VALUES} or fewer are left.`,
      3,
    );
  }
  if (isLikely) return { left, isSure, values, decimal, rank: 9 };
  if (!values.ok) return { left, isSure: false, values, decimal, rank: isSure ? 5 : 3 };
  return no(`read in the table's order, ${NOT_ONE_CASE}`, 4);
}

const NOT_ONE_CASE = `these ${COUNT} ${VALUES} cannot be one case. Are they in another order, or is one missing?`;

/** A whole number of four digits or more where the first measurement is smaller by far. */
const isId = (cell: string) => /^\d{4,}$/.test(cell) && Number(cell) > 2 * (FEATURES[0]?.range.max ?? 0);
const isBinary = (cell: string) => /^[012]$/.test(cell);

function readRow(cells: string[], layout: string, titles: string[]): Attempt {
  const row = withoutEmptyEnd(cells, COUNT + MOST_BESIDE);
  const readings = waysBeside(row.length).map((beside) => readBeside(row, beside));
  const found = readings.flatMap(({ values, left: beside, decimal, isSure }) => {
    const left = [...titles, ...beside.filter((cell) => cell !== "")];
    return values.ok ? [{ way: { cases: [values], layout, decimal, left }, isSure }] : [];
  });
  const [only, ...others] = found;
  if (only?.isSure === true && others.length === 0) return surely(only.way);
  if (only !== undefined) {
    return unsure(
      found.map(({ way }) => way),
      `this has ${row.length} values. Which of them are the ${COUNT}?`,
    );
  }
  if (row.length === COUNT && GRID.rows > 0) {
    const { values, decimal } = readCase(fromGrid((property, group) => row[property * GRID.columns + group]));
    if (values.ok && fitsWell(values.value)) {
      const layout = `${GROUPS.map(({ label }) => label).join(", ")} of one property after another`;
      return unsure([{ cases: [values], layout, decimal, left: titles }], "it is not in the table's order.");
    }
  }
  const best = readings.toSorted((a, b) => b.rank - a.rank)[0];
  if (best !== undefined && !best.values.ok) return refused(best.values.error, best.rank);
  const numbers = row.filter(isNumber).length;
  if (VALUES === "values") return refused(`a row needs ${COUNT} values, and this has ${row.length}.`, 2);
  return refused(
    `a row needs ${COUNT} numbers, and this has ${numbers === row.length ? numbers : `${row.length} values, ${numbers} of them numbers`}.`,
    Math.abs(row.length - COUNT) < 5 ? 3 : 2 - 1 / (1 + numbers),
  );
}

/** Rows without names, all of one width: what is beside the numbers is so in all of them. */
function readManyRows(lines: string[][], titles: string[]): Attempt {
  const most = Math.max(...lines.map((line) => withoutEmptyEnd(line, COUNT).length));
  const rows = lines.map((line) => withoutEmptyEnd(line, most));
  const ways = waysBeside(most).flatMap((beside) => {
    const readings = rows.map((row) =>
      row.length === most
        ? readBeside(row, beside)
        : {
            values: fail(`it has ${row.length} cells, others ${most}.`),
            isSure: true,
            decimal: "." as const,
          },
    );
    const read = readings.find(({ values }) => values.ok);
    if (read === undefined) return [];
    const isSure = readings.every((reading) => reading.isSure || !reading.values.ok);
    const left =
      beside.front + beside.back === 0
        ? titles
        : [...titles, `what is no ${table.nouns.value} in front or behind`];
    const cases = readings.map(({ values }) => values);
    return [{ way: { cases, layout: `${rows.length} rows`, decimal: read.decimal, left }, isSure }];
  });
  const [only, ...others] = ways;
  if (only === undefined)
    return refused(`none of these ${lines.length} rows is ${COUNT} ${VALUES} of one case.`, 3);
  if (only.isSure && others.length === 0) return surely(only.way);
  return unsure(
    ways.map(({ way }) => way),
    `these rows have ${most} values. Which of them are the ${COUNT}?`,
  );
}

function withoutEmptyEnd(cells: string[], least: number): string[] {
  const row = [...cells];
  while (row.length > least && row.at(-1) === "") row.pop();
  return row;
}

// ── Numbers

type Rows = { values: Result<readonly number[], string>[]; decimal: DecimalSign };

/** Rows of cells in the table's order as numbers, with the decimal sign that suits them all. */
function readRows(rows: readonly string[][]): Rows {
  const [point, comma] = ([".", ","] as const).map(
    (decimal): Rows => ({ values: rows.map((row) => readCells(row, decimal)), decimal }),
  ) as [Rows, Rows];
  const [points, commas] = [point, comma].map(({ values }) => values.filter(({ ok }) => ok).length) as [
    number,
    number,
  ];
  if (points !== commas) return points > commas ? point : comma;
  if (points > 0 && JSON.stringify(point.values) !== JSON.stringify(comma.values)) {
    const fitting = [point, comma].filter(({ values }) =>
      values.every((each) => each.ok && fits(each.value)),
    );
    if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0];
    return { ...point, values: rows.map(() => fail("the commas and points in it can be read two ways.")) };
  }
  const proofs = (sign: DecimalSign) => rows.flat().filter((cell) => provesSign(cell, sign)).length;
  return points === 0 && proofs(",") > proofs(".") ? comma : point;
}

function readCase(row: string[]) {
  const { values, decimal } = readRows([row]);
  return { values: values[0] ?? fail(""), decimal };
}

function readCells(row: readonly string[], sign: DecimalSign): Result<readonly number[], string> {
  const values: number[] = [];
  for (const feature of FEATURES) {
    const cell = row[feature.index] ?? "";
    const value = readCell(cell, feature, sign);
    const what = feature.type === "number" ? "number" : "value";
    if (!value.ok)
      return fail(`${what} ${feature.index + 1} (${feature.label}) is “${cell}”. ${value.error}`);
    if (value.value === null) return fail(`${feature.label} is missing${cell === "" ? "" : ` (“${cell}”)`}.`);
    values.push(value.value);
  }
  return ok(values);
}

/**
 * A cell's value: a number, or the place of the level that a code or a word names; NaN where it says that nothing is known, and
 * null where it does of a column that may not miss. Unlike in the form, where each field is read by itself, all cells of a text
 * have to have the same decimal sign.
 */
export function readCell(
  cell: string,
  feature: Feature,
  sign: DecimalSign | null,
): Result<number | null, string> {
  // Before what is not known: a level may be called "none".
  const level = levelOf(feature, cell);
  if (level !== null) return ok(level);
  if (isMissing(cell)) return ok(feature.mayMiss ? Number.NaN : null);
  if (feature.type !== "number") return fail(`It can be ${levelsOf(feature)}.`);
  if (sign !== null && provesSign(cell, sign === "." ? "," : ".")) {
    return fail(
      `The other numbers have a decimal ${sign === "." ? "point" : "comma"}. Write all of them alike.`,
    );
  }
  return parseMeasurement(cell, feature, sign);
}

const MOST_LEVELS = 8;
function levelsOf({ levels }: Feature): string {
  const shown = levels.slice(0, MOST_LEVELS).map((code) => `“${code}”`);
  const more = levels.length - shown.length;
  return more > 0
    ? `${shown.join(", ")} and ${more} more`
    : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

// ── What fits

const byName = (values: readonly number[]) =>
  Object.fromEntries(FEATURES.map(({ key, index }) => [key, values[index]]));
const fits = (values: readonly number[]) => !oneCase.isImpossible(byName(values));
/** Nothing speaks against it: what a person is asked about has to be likely. */
const fitsWell = (values: readonly number[]) => {
  const numbers = byName(values);
  return oneCase.brokenRules(numbers).length === 0 && oneCase.outsideTraining(numbers).length <= 2;
};

/** Cases of a text that has names: one that is wrong is refused; of several, the others stand. */
function oneOrMore(way: Way): Attempt {
  if (way.cases.some(({ ok }) => ok)) return surely(way);
  const [first, ...more] = way.cases;
  const reason = first?.ok === false ? first.error : "";
  return refused(more.length === 0 ? reason : `in the first of ${way.cases.length} cases, ${reason}`, 7);
}

function listed(names: readonly string[]): string {
  if (names.length > 5) return `${names.slice(0, 4).join("; ")} and ${names.length - 4} more`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join("; ")} and ${names.at(-1)}`;
}
