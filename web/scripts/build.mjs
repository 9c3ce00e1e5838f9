// Makes, at build time, what browsers get of our scripts and of the shapes of the world: no network is asked.
//   node build.mjs WEB STATES.schema OUT
// map.js, map.css, network.js, intake.js: bundles. world.svg: shapes for the map without scripts; world.json: the same, finer, for the
// one with scripts. web_points.c: where the mark of a State stands, by the code of the vocabulary.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';

const [web, states, out] = process.argv.slice(2);
const packages = path.join(web, 'node_modules');

// ---- scripts ----

await build({
  entryPoints: ['map.js', 'network.js', 'intake.js'].map((name) => path.join(web, 'scripts', name)),
  bundle: true, minify: true, format: 'esm', target: 'es2020', outdir: out, legalComments: 'eof', logLevel: 'warning',
  // Pictures of the library's style sheet: buttons and pins that we do not use.
  loader: { '.png': 'empty' },
});

// ---- the world ----

// Topology: arcs are lists of steps; a ring is a list of arcs, the other way round where the number is negative.
function shapes(name) {
  const world = JSON.parse(fs.readFileSync(path.join(packages, 'world-atlas', name)));
  const { scale, translate } = world.transform;
  const arcs = world.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
  const ring = (list) => list.flatMap((i, k) => {
    const points = i < 0 ? [...arcs[~i]].reverse() : arcs[i];
    return k ? points.slice(1) : points;
  });
  return world.objects.countries.geometries.map((g) => ({
    id: g.id,
    polygons: (g.type === 'Polygon' ? [g.arcs] : g.arcs ?? []).map((polygon) => polygon.map((r) => unwound(ring(r)))),
  }));
}

// A ring that goes over the line of 180 degrees goes on beyond it, instead of back round the world; one that goes round a pole
// is closed over it.
function unwound(ring) {
  let turn = 0;
  const out = ring.map(([x, y], i) => {
    if (i && Math.abs(x - ring[i - 1][0]) > 180)
      turn += x < ring[i - 1][0] ? 360 : -360;
    return [x + turn, y];
  });
  if (turn) {
    const pole = out[0][1] < 0 ? -90 : 90;
    out.push([out[out.length - 1][0], pole], [out[0][0], pole], out[0]);
  }
  return out;
}

// And it is drawn at both ends of the map.
function copies(rings) {
  const xs = rings[0].map(([x]) => x);
  const all = [rings];
  for (const [beyond, turn] of [[Math.max(...xs) > 180, -360], [Math.min(...xs) < -180, 360]])
    if (beyond)
      all.push(rings.map((ring) => ring.map(([x, y]) => [x + turn, y])));
  return all;
}

const round = (v, n) => Number(v.toFixed(n));

// A point that is not further from the one before than this says nothing new.
function thinned(ring, least, digits) {
  const kept = [];
  for (const [x, y] of ring) {
    const last = kept[kept.length - 1];
    if (!last || Math.abs(x - last[0]) + Math.abs(y - last[1]) >= least)
      kept.push([round(x, digits), round(y, digits)]);
  }
  return kept;
}

function svg() {
  const d = shapes('countries-110m.json').flatMap((c) => c.polygons).flatMap(copies).flat().map((ring) => thinned(ring, 0.5, 1))
    .filter((ring) => ring.length > 3).map((ring) => 'M' + ring.map(([x, y]) => `${x} ${round(-y, 1)}`).join('L') + 'Z');
  return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180"><path d="' + d.join('') +
    '" fill="#8a93a0" fill-opacity="0.22" stroke="#8a93a0" stroke-opacity="0.7" stroke-width="0.25"/></svg>\n';
}

function json() {
  const polygons = shapes('countries-50m.json').flatMap((c) => c.polygons).flatMap(copies)
    .map((rings) => rings.map((ring) => thinned(ring, 0.25, 1)).filter((ring) => ring.length > 3))
    .filter((rings) => rings.length);
  return JSON.stringify({ type: 'MultiPolygon', coordinates: polygons });
}

function area(ring) {
  let sum = 0;
  for (let i = 0, k = ring.length - 1; i < ring.length; k = i++)
    sum += ring[k][0] * ring[i][1] - ring[i][0] * ring[k][1];
  return sum / 2;
}

// The middle of the largest of its shapes: a place for a mark, no more.
function middle(country) {
  const ring = country.polygons.map((p) => p[0]).sort((a, b) => Math.abs(area(b)) - Math.abs(area(a)))[0];
  const a = area(ring);
  let x = 0, y = 0;
  for (let i = 0, k = ring.length - 1; i < ring.length; k = i++) {
    const cross = ring[k][0] * ring[i][1] - ring[i][0] * ring[k][1];
    x += (ring[k][0] + ring[i][0]) * cross;
    y += (ring[k][1] + ring[i][1]) * cross;
  }
  x /= 6 * a;
  return [round(x > 180 ? x - 360 : x, 2), round(y / (6 * a), 2)];
}

function points() {
  const numeric = new Map(); // "004" -> "AFG", from the vocabulary
  let code = '';
  for (const line of fs.readFileSync(states, 'utf8').split('\n')) {
    code = /^ {2}term (\w+)/.exec(line)?.[1] ?? code;
    const number = /und "(\d{3})"/.exec(line)?.[1];
    if (number && !numeric.has(number))
      numeric.set(number, code);
  }
  const rows = new Map();
  for (const c of shapes('countries-50m.json'))
    if (numeric.has(c.id) && c.polygons.length && !rows.has(numeric.get(c.id)))
      rows.set(numeric.get(c.id), middle(c));
  return '/* Made by web/scripts/build.mjs. */\n#include "desk/pages/made.h"\n\nconst struct state_point state_points[] = {\n' +
    [...rows].sort().map(([c, [x, y]]) => `\t{ "${c}", ${y}, ${x} },\n`).join('') +
    '};\nconst size_t n_state_points = sizeof state_points / sizeof *state_points;\n';
}

// ---- what is bundled, and under which licence ----

function bundled() {
  const lock = JSON.parse(fs.readFileSync(path.join(web, 'package-lock.json')));
  const rows = Object.entries(lock.packages).filter(([name, p]) => name && !p.dev)
    .map(([name, p]) => `\t{ "${name.replace('node_modules/', '')}", "${p.version}", "${p.license}" },\n`);
  return '\nconst struct bundled bundled[] = {\n' + rows.join('') +
    '};\nconst size_t n_bundled = sizeof bundled / sizeof *bundled;\n';
}

fs.writeFileSync(path.join(out, 'world.svg'), svg());
fs.writeFileSync(path.join(out, 'world.json'), json());
fs.writeFileSync(path.join(out, 'web_points.c'), points() + bundled());
