// The map, with scripts: the table of marks that the page holds, on shapes that come from this desk. What is near another
// mark at this scale is one mark with them. Keys: Tab goes from mark to mark, Enter opens one; +, - and arrows move the map.
import 'leaflet/dist/leaflet.css';
import { DomUtil, Map as Atlas, circle, divIcon, geoJSON, marker } from 'leaflet/dist/leaflet-src.esm.js';

const NEAR = 44; // pixels

// A row: its link, its number, and the place, as they stand in the table.
function read(row) {
  const link = row.querySelector('a');
  const cell = (name) => row.querySelector(`.${name}`)?.textContent.trim() ?? '';
  return {
    link, n: Number(cell('count')), at: [Number(cell('latitude')), Number(cell('longitude'))],
    within: Number(cell('within')), region: row.classList.contains('region'),
  };
}

function group(atlas, marks) {
  const groups = [];
  for (const m of marks) {
    const p = atlas.latLngToLayerPoint(m.at);
    const near = groups.find((g) => g.region === m.region && g.p.distanceTo(p) < NEAR);
    if (near)
      near.marks.push(m);
    else
      groups.push({ p, region: m.region, marks: [m] });
  }
  return groups;
}

function popup(marks) {
  const list = document.createElement('ul');
  for (const m of marks.slice(0, 12)) {
    const item = list.appendChild(document.createElement('li'));
    item.append(m.link.cloneNode(true), ` ${m.n}`);
  }
  if (marks.length > 12)
    list.appendChild(document.createElement('li')).textContent = '…';
  return list;
}

function draw(atlas, marks, drawn) {
  drawn.splice(0).forEach((d) => d.remove());
  for (const g of group(atlas, marks)) {
    const n = g.marks.reduce((sum, m) => sum + m.n, 0);
    const size = 24 + Math.min(20, Math.round(4 * Math.log2(n + 1)));
    const icon = divIcon({ className: g.region ? 'spot region' : 'spot', html: '', iconSize: [size, size] });
    const name = `${n}: ${g.marks[0].link.textContent}${g.marks.length > 1 ? ' …' : ''}`;
    const d = marker(g.marks[0].at, { icon, alt: name, title: name }).bindPopup(popup(g.marks)).addTo(atlas);
    const e = d.getElement();
    e.textContent = String(n);
    e.setAttribute('aria-label', name);
    drawn.push(d);
    if (g.marks.length === 1 && g.marks[0].within > 0)
      drawn.push(circle(g.marks[0].at, { radius: g.marks[0].within, className: 'within', interactive: false }).addTo(atlas));
  }
}

async function start() {
  const box = document.getElementById('atlas');
  const marks = [...document.querySelectorAll('#marks tbody tr')].map(read).filter((m) => m.at.every(Number.isFinite));
  const got = box && await fetch(box.querySelector('a').href);
  if (!got?.ok)
    return; // the drawing without scripts stays
  const shapes = geoJSON(await got.json(), { className: 'land', interactive: false });
  box.hidden = false;
  box.replaceChildren();
  document.getElementById('drawn').hidden = true;
  const atlas = new Atlas(box, { attributionControl: false, worldCopyJump: true, minZoom: 1, maxZoom: 8, zoomAnimation: false, fadeAnimation: false });
  DomUtil.addClass(box, 'atlas');
  if (marks.length)
    atlas.fitBounds(marks.map((m) => m.at), { maxZoom: 6, padding: [30, 30] });
  else
    atlas.setView([15, 10], 1);
  shapes.addTo(atlas);
  const drawn = [];
  draw(atlas, marks, drawn);
  atlas.on('zoomend', () => draw(atlas, marks, drawn));
}

start();
