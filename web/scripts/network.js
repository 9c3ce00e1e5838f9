// The network, with scripts: the same drawing, laid out by forces so that what is linked lies near; a node can be dragged.
// With the keys: Tab goes from node to node, and what it is linked to is marked.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';

const drawing = document.getElementById('network');
const [width, height] = [960, 640];

function read() {
  const nodes = [...drawing.querySelectorAll('.node')].map((e, i) => {
    const c = e.querySelector('circle');
    return { e, i, x: Number(c.getAttribute('cx')), y: Number(c.getAttribute('cy')) };
  });
  const ties = [...drawing.querySelectorAll('.tie')].map((e) => {
    const [source, target] = e.id.slice(1).split('-').slice(0, 2).map(Number);
    return { e, source, target };
  });
  return { nodes, ties };
}

const within = (v, most) => Math.max(20, Math.min(most - 20, v));

function place({ nodes, ties }) {
  for (const n of nodes) {
    n.x = within(n.x, width);
    n.y = within(n.y, height);
    for (const [tag, dx, dy] of [['circle', 0, 0], ['text', 0, 20]]) {
      const e = n.e.querySelector(tag);
      if (!e)
        continue;
      e.setAttribute(tag === 'circle' ? 'cx' : 'x', (n.x + dx).toFixed(1));
      e.setAttribute(tag === 'circle' ? 'cy' : 'y', (n.y + dy).toFixed(1));
    }
  }
  for (const t of ties)
    for (const [name, v] of Object.entries({ x1: t.source.x, y1: t.source.y, x2: t.target.x, y2: t.target.y }))
      t.e.setAttribute(name, v.toFixed(1));
}

function point(event) {
  const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
  return [within(p.x, width), within(p.y, height)];
}

// A node that is dragged stays where it is put; a click that moves nothing still follows the link.
function drag(all, n) {
  let moved = false, held = false;
  n.e.addEventListener('pointerdown', (event) => {
    held = true;
    moved = false;
    n.e.setPointerCapture(event.pointerId);
  });
  n.e.addEventListener('pointermove', (event) => {
    if (!held)
      return;
    const [x, y] = point(event);
    moved ||= Math.hypot(x - n.x, y - n.y) > 3;
    if (moved) {
      [n.x, n.y] = [x, y];
      place(all);
    }
  });
  n.e.addEventListener('pointerup', () => { held = false; });
  n.e.addEventListener('dragstart', (event) => event.preventDefault());
  n.e.addEventListener('click', (event) => moved && event.preventDefault());
}

function mark(all, n, on) {
  for (const t of all.ties)
    if (t.source === n || t.target === n)
      for (const e of [t.e, t.source.e, t.target.e])
        e.classList.toggle('near', on);
}

function start() {
  const all = read();
  const simulation = forceSimulation(all.nodes)
    .force('link', forceLink(all.ties).distance(90))
    .force('apart', forceManyBody().strength(-260))
    .force('room', forceCollide(26))
    .force('x', forceX(width / 2).strength(0.05))
    .force('y', forceY(height / 2).strength(0.08))
    .stop();
  simulation.tick(240);
  place(all);
  for (const n of all.nodes) {
    drag(all, n);
    for (const [name, on] of [['focus', true], ['blur', false], ['mouseenter', true], ['mouseleave', false]])
      n.e.addEventListener(name, () => mark(all, n, on));
  }
}

if (drawing)
  start();
