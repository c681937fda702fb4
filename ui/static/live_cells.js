/* Establishments by viewport: asks the server when the map rests; hexagons far out, single establishments near. */
(function () {
  "use strict";
  const Atlas = window.Atlas;
  const WAIT = 140;
  const PAD = 0.15;
  const EDGE_KM = { 4: 25, 5: 9.5, 6: 3.6, 7: 1.4 };

  const numbers = (lang) => new Intl.NumberFormat(lang === "en" ? "en-US" : "vi-VN");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /* Five classes of cells; cut once a question and resolution, so that colours stay while one pans. */
  function breaks(features, wanted) {
    const sorted = features.map((cell) => cell.n).sort((a, b) => a - b);
    const edges = [];
    for (let step = 1; step < wanted; step += 1) {
      const edge = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * step) / wanted))];
      if (edge > (edges.length ? edges[edges.length - 1] : sorted[0])) edges.push(edge);
    }
    return { low: sorted[0] || 1, edges: edges };
  }
  const classOf = (scale, n) => scale.edges.filter((edge) => n >= edge).length;
  const colourOf = (given, scale, n) => {
    const top = given.colours.length - 1, all = scale.edges.length;
    return given.colours[all ? Math.round((classOf(scale, n) * top) / all) : Math.floor(top / 2)];
  };

  Atlas.liveCells = function (given) {
    const state = { scales: {}, timer: null, abort: null, held: null };
    return Atlas.group((group) => {
      const map = group._map;
      state.map = map;
      state.group = group;
      state.given = given;
      state.numbers = numbers(given.lang);
      state.canvas = L.canvas({ pane: "atlas-points", padding: 0.3 });
      state.under = L.canvas({ pane: "atlas-cells", padding: 0.3 });
      state.status = statusControl(state);
      map.addControl(state.status);
      state.onRest = () => { clearTimeout(state.timer); state.timer = setTimeout(() => ask(state), WAIT); };
      map.on("moveend", state.onRest);
      state.pointer = pointer(state);
      if (map.getContainer().clientWidth) ask(state); else state.onRest();
    }, () => leave(state));
  };

  function leave(state) {
    clearTimeout(state.timer);
    if (state.abort) state.abort.abort();
    state.map.off("moveend", state.onRest);
    state.pointer.off();
    state.status.remove();
    state.canvas.remove();
    state.under.remove();
    state.held = null;
  }

  /* The question: the view and a margin, on a grid, so that a small pan asks nothing new. */
  function question(state) {
    const map = state.map, zoom = Math.round(map.getZoom() * 4) / 4;
    const view = map.getBounds(), wide = map.getBounds().pad(PAD);
    const grid = 360 / Math.pow(2, Math.floor(zoom)) / 8;
    const down = (value) => Math.floor(value / grid) * grid, up = (value) => Math.ceil(value / grid) * grid;
    const clamp = (value, most) => Math.max(-most, Math.min(most, value));
    const box = [clamp(down(wide.getWest()), 180), clamp(down(wide.getSouth()), 85), clamp(up(wide.getEast()), 180), clamp(up(wide.getNorth()), 85)];
    return { view: view, zoom: zoom, box: box.map((value) => Number(value.toFixed(4))) };
  }

  function enough(state, asked) {
    const held = state.held;
    if (!held || held.zoom !== asked.zoom || (held.kind === "points" && held.cut)) return false;
    return L.latLngBounds([held.box[1], held.box[0]], [held.box[3], held.box[2]]).contains(asked.view);
  }

  function ask(state) {
    if (!state.map || !state.group._map || !state.map.getContainer().clientWidth) return;
    const asked = question(state);
    if (enough(state, asked)) return report(state, state.body);
    if (state.abort) state.abort.abort();
    state.abort = new AbortController();
    state.status.say(state.given.words.loading, "busy");
    const url = Atlas.url(state.given.url + "&bbox=" + asked.box.join(",") + "&zoom=" + asked.zoom);
    fetch(url, { signal: state.abort.signal, credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => answer.json().catch(() => ({})).then((body) => {
        if (!answer.ok) throw new Error(body.error || "");
        return body;
      }))
      .then((body) => { if (state.group._map) show(state, asked, body); })
      .catch((error) => {
        if (error.name === "AbortError" || !state.group._map) return;
        state.held = null;
        state.status.fail(error.message && !(error instanceof TypeError) ? error.message : state.given.words.failed);
      });
  }

  function show(state, asked, body) {
    state.held = { zoom: asked.zoom, box: asked.box, kind: body.kind, cut: body.cut };
    state.group.clearLayers();
    state.points = [];
    if (body.kind === "hexagons") hexagons(state, body); else points(state, body);
    state.body = body;
    report(state, body);
    state.map.getContainer().setAttribute("data-cells", body.kind + ":" + body.features.length + ":" + body.total);
  }

  function hexagons(state, body) {
    const given = state.given, words = given.words;
    const scale = (state.scales[body.resolution] = state.scales[body.resolution] || breaks(body.features, given.colours.length));
    body.features.forEach((cell) => {
      const drawn = L.polygon(shrunk(cell.boundary, scale.edges.length ? 0.55 + (0.4 * classOf(scale, cell.n)) / scale.edges.length : 0.75), {
        pane: "atlas-cells", renderer: state.under, smoothFactor: 0, stroke: true, color: "#ffffff", weight: 0.4, opacity: 0.7,
        fillColor: colourOf(given, scale, cell.n), fillOpacity: given.opacity, interactive: false,
      });
      state.group.addLayer(drawn);
    });
    state.cells = body.features;
    state.scale = scale;
  }

  /* Small cells for few: amount is told twice, and the tint of the province shows between. */
  function shrunk(boundary, share) {
    const middle = centre(boundary);
    return boundary.map((corner) => [middle[0] + (corner[0] - middle[0]) * share, middle[1] + (corner[1] - middle[1]) * share]);
  }

  function points(state, body) {
    const colour = state.given.pointColour;
    state.cells = null;
    body.features.forEach((one) => {
      const exact = one.location_quality === "point";
      state.group.addLayer(L.circleMarker([one.lat, one.lon], {
        pane: "atlas-points", renderer: state.canvas, interactive: false, radius: 4.6, weight: exact ? 1 : 1.6,
        color: exact ? "#ffffff" : colour, dashArray: exact ? null : "2.5,2", fill: true,
        fillColor: exact ? colour : "#ffffff", fillOpacity: exact ? 0.85 : 0.55,
      }));
    });
    state.points = body.features;
    state.sectors = body.sectors || {};
  }

  /* Points and cells do not catch the pointer themselves, so provinces below stay within reach; the nearest answers. */
  function pointer(state) {
    const map = state.map, box = map.getContainer();
    let tip = null;
    const nearest = (event) => {
      if (!state.points || !state.points.length) return null;
      const at = map.mouseEventToContainerPoint(event);
      let best = null, least = 9;
      state.points.forEach((one) => {
        const there = map.latLngToContainerPoint([one.lat, one.lon]);
        const far = Math.max(Math.abs(there.x - at.x), Math.abs(there.y - at.y));
        if (far < least) { least = far; best = one; }
      });
      return best;
    };
    const inCell = (event) => {
      if (!state.cells || !window.Atlas) return null;
      const at = map.mouseEventToLatLng(event);
      return state.cells.find((cell) => Math.abs(cell.boundary[0][0] - at.lat) < 0.7 && Math.abs(cell.boundary[0][1] - at.lng) < 0.7 && inside(cell.boundary, at)) || null;
    };
    const hide = () => { if (tip) tip.remove(); tip = null; box.classList.remove("atlas-on-point"); };
    const move = (event) => {
      if (overControl(event)) return hide();
      const one = nearest(event), cell = one ? null : inCell(event);
      if (!one && !cell) return hide();
      box.classList.toggle("atlas-on-point", Boolean(one));
      const at = one ? [one.lat, one.lon] : map.mouseEventToLatLng(event);
      const lines = one ? [one.name] : cellLines(state, cell);
      const direction = cell ? "bottom" : "top";
      if (!tip) tip = L.tooltip({ direction: direction, offset: [0, cell ? 14 : -5], opacity: 1, className: cell ? "atlas-cell-tip" : "" });
      tip.options.direction = direction;
      tip.setLatLng(at).setContent(Atlas.card(lines)).addTo(map);
    };
    const click = (event) => {
      if (overControl(event) || (map.dragging && map.dragging.moved())) return;
      const one = nearest(event);
      if (!one) return;
      event.stopPropagation();
      hide();
      L.popup({ maxWidth: 280, autoPanPadding: [20, 20] }).setLatLng([one.lat, one.lon]).setContent(details(state, one)).openOn(map);
    };
    box.addEventListener("mousemove", move);
    box.addEventListener("mouseleave", hide);
    box.addEventListener("click", click, true);
    return {
      off: () => {
        hide();
        box.removeEventListener("mousemove", move);
        box.removeEventListener("mouseleave", hide);
        box.removeEventListener("click", click, true);
      },
    };
  }

  const overControl = (event) => event.target.closest && event.target.closest(".leaflet-control, .leaflet-popup, .atlas-complaint");

  function inside(boundary, at) {
    let odd = false;
    for (let i = 0, j = boundary.length - 1; i < boundary.length; j = i, i += 1) {
      const [y1, x1] = boundary[i], [y2, x2] = boundary[j];
      if (y1 > at.lat !== y2 > at.lat && at.lng < ((x2 - x1) * (at.lat - y1)) / (y2 - y1) + x1) odd = !odd;
    }
    return odd;
  }

  function cellLines(state, cell) {
    const words = state.given.words, write = (n) => state.numbers.format(n);
    const lines = [fill(words.cell, { n: write(cell.n) })];
    if (cell.employees) lines.push(fill(words.cell_employees, { n: write(cell.employees) }));
    return lines;
  }

  function details(state, one) {
    const words = state.given.words, card = Atlas.card([one.name]);
    const add = (text) => { if (text) card.appendChild(Atlas.element("div", "", text)); };
    add(one.product);
    add(one.sector_code && (state.sectors[one.sector_code] || one.sector_code));
    if (one.employees !== null && one.employees !== undefined) add(fill(words.cell_employees, { n: state.numbers.format(one.employees) }));
    card.appendChild(Atlas.element("div", "atlas-small", one.location_quality === "point" ? words.place_point : words.place_commune));
    return card;
  }

  /* One line at the foot of the map: what is drawn, what is not, what went wrong. */
  function statusControl(state) {
    const Status = L.Control.extend({
      options: { position: "bottomleft" },
      onAdd: function () {
        this.box = Atlas.element("div", "atlas-status");
        this.box.setAttribute("role", "status");
        L.DomEvent.disableClickPropagation(this.box);
        return this.box;
      },
      onRemove: function () { clearTimeout(this.later); },
      say: function (text, kind) {
        const put = () => this.put([Atlas.element("div", "", text)], kind);
        clearTimeout(this.later);
        if (kind === "busy") this.later = setTimeout(put, 350); else put();
      },
      put: function (parts, kind) {
        clearTimeout(this.later);
        this.box.replaceChildren(...parts);
        this.box.dataset.kind = kind || "";
      },
      fail: function (text) {
        const again = Atlas.element("button", "atlas-retry", state.given.words.retry);
        again.type = "button";
        again.addEventListener("click", () => ask(state));
        this.put([Atlas.element("div", "", text), again], "failed");
      },
    });
    return new Status();
  }

  /* What was asked for is a little wider than the view: count what is in the view. */
  function inView(view, body) {
    if (body.kind === "points") return body.features.filter((one) => view.contains([one.lat, one.lon])).length;
    return body.features.reduce((sum, cell) => sum + (view.contains(centre(cell.boundary)) ? cell.n : 0), 0);
  }
  const centre = (boundary) => [
    boundary.reduce((sum, corner) => sum + corner[0], 0) / boundary.length,
    boundary.reduce((sum, corner) => sum + corner[1], 0) / boundary.length,
  ];

  function report(state, body) {
    const words = state.given.words, write = (n) => state.numbers.format(n);
    const shown = body.cut && body.kind === "points" ? body.features.length : inView(state.map.getBounds(), body);
    const values = { shown: write(shown), total: write(body.kind === "points" ? body.total : shown), edge: write(EDGE_KM[body.resolution] || 0) };
    const parts = [];
    if (!body.cut && !shown) parts.push(Atlas.element("div", "", words.none));
    else if (body.cut && body.kind === "points") parts.push(Atlas.element("strong", "", fill(words.cut, values)));
    else parts.push(Atlas.element("div", "", fill(words[body.kind], values)));
    if (body.features.length && body.kind === "hexagons") parts.push(key(state, state.scale, write));
    if (body.kind === "points" && body.features.some((one) => one.location_quality !== "point")) {
      parts.push(Atlas.element("div", "atlas-small", words.commune_mark));
    }
    if (body.no_coordinates) {
      parts[0].appendChild(Atlas.element("span", "atlas-small", " · " + fill(words.no_coordinates, { n: write(body.no_coordinates) })));
    }
    state.status.put(parts, body.cut ? "cut" : "");
  }

  function key(state, scale, write) {
    const row = Atlas.element("div", "atlas-key");
    const starts = [scale.low].concat(scale.edges);
    starts.forEach((start, place) => {
      const box = Atlas.element("span", "atlas-key-box");
      box.style.background = colourOf(state.given, scale, start);
      const last = place === starts.length - 1;
      const end = last ? null : starts[place + 1] - 1;
      row.append(box, Atlas.element("span", "atlas-key-text", last ? "≥ " + write(start) : end > start ? write(start) + "–" + write(end) : write(start)));
    });
    row.appendChild(Atlas.element("span", "atlas-key-text", state.given.words.cell_unit));
    return row;
  }
})();
