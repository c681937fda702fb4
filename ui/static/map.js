/* The ground of every map: sea, land, borders, names, islands, controls. All text is set as text, never as HTML. */
(function () {
  "use strict";
  const Atlas = (window.Atlas = window.Atlas || {});
  const loaded = new Map();
  const FONT = '"Be Vietnam Pro", "Noto Sans", "Segoe UI", sans-serif';
  let ground = null;

  /* The map stands in a frame below the root of the server; our own routes begin at that root. */
  const root = location.pathname.includes("/component/") ? location.pathname.split("/component/")[0] : "";
  Atlas.url = (path) => root + "/" + path.replace(/^\//, "");

  Atlas.shapes = function (path) {
    if (!loaded.has(path)) {
      const asked = fetch(Atlas.url(path), { credentials: "same-origin" }).then((answer) => {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      });
      asked.catch(() => loaded.delete(path));
      loaded.set(path, asked);
    }
    return loaded.get(path);
  };

  Atlas.element = function (tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  };

  /* Lines for a tooltip or popup: the first one is the heading. */
  Atlas.card = function (lines) {
    const card = Atlas.element("div", "atlas-card");
    lines.filter((line) => line !== "").forEach((line, place) => {
      card.appendChild(Atlas.element(place ? "div" : "strong", "", line));
    });
    return card;
  };

  Atlas.tip = function (layer, lines, options) {
    if (!lines || !lines.length) return;
    layer.bindTooltip(() => Atlas.card(lines), Object.assign({ sticky: true, direction: "top", opacity: 1 }, options));
  };

  /* What the page gets on a click: properties without the geometry, with a serial so that every click is new. */
  Atlas.answers = function (layer, properties) {
    layer.toGeoJSON = () => ({
      type: "Feature",
      geometry: null,
      properties: Object.assign({}, properties, { click: Date.now() }),
    });
  };

  Atlas.lang = () => (ground ? ground.options.lang : "vi");
  Atlas.ground_options = () => (ground ? ground.options : null);
  Atlas.nameOf = (properties) => properties["name_" + Atlas.lang()] || properties.name_vi || "";

  const PANES = {
    "atlas-context": 200, "atlas-land": 210, "atlas-areas": 320, "atlas-cells": 335, "atlas-hexagons": 340, "atlas-borders": 360,
    "atlas-outlines": 380, "atlas-selection": 390, "atlas-flows": 410, "atlas-circles": 420, "atlas-points": 430,
    "atlas-islands": 440, "atlas-names": 450,
  };
  const QUIET = ["atlas-context", "atlas-land", "atlas-borders", "atlas-selection", "atlas-cells", "atlas-points", "atlas-islands", "atlas-names"];

  Atlas.ground = function (map, options) {
    ground = { map: map, options: options, names: [], islands: [], moved: false };
    window.Atlas.current = ground;
    map.getContainer().style.background = options.colours.sea;
    map.getContainer().setAttribute("aria-label", options.words.map);
    Object.entries(PANES).forEach(([name, z]) => {
      const pane = map.getPane(name) || map.createPane(name);
      pane.style.zIndex = z;
      if (QUIET.includes(name)) pane.style.pointerEvents = "none";
    });
    if (options.tiles) L.tileLayer(options.tiles, { pane: "atlas-context", maxZoom: 19 }).addTo(map);
    defineHatch(options.colours);
    lowerOnPhones();
    controls(map, options);
    keepView(map, options);
    draw(map, options);
  };

  function defineHatch(colours) {
    if (document.getElementById("atlas-no-figure")) return;
    const holder = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    holder.setAttribute("width", "0");
    holder.setAttribute("height", "0");
    holder.setAttribute("aria-hidden", "true");
    holder.style.position = "absolute";
    const add = (parent, tag, attributes) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
      return parent.appendChild(made);
    };
    const pattern = add(add(holder, "defs", {}), "pattern", {
      id: "atlas-no-figure", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    add(pattern, "rect", { width: 6, height: 6, fill: colours.hatchGround });
    add(pattern, "line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: colours.hatchLine, "stroke-width": 1.6 });
    document.body.appendChild(holder);
  }

  /* The page gives one height; a narrow window gets a lower map, so that it can be scrolled past. */
  Atlas.heightFor = (wanted, width) => (width && width < 520 ? Math.min(wanted, Math.max(400, Math.round(width * 1.28))) : wanted);
  function lowerOnPhones() {
    const frame = window.Streamlit;
    if (!frame || frame.atlasHeights) return;
    const original = frame.setFrameHeight;
    frame.atlasHeights = true;
    frame.setFrameHeight = function (wanted) {
      if (typeof wanted !== "number") return original.call(frame, wanted);
      const height = Atlas.heightFor(wanted, window.innerWidth);
      const own = document.getElementById("map_div");
      if (own) own.style.height = height + "px";
      return original.call(frame, height);
    };
  }

  /* First view once the frame has a size (it has none in a hidden tab); again on a new size until the user moves. */
  function keepView(map, options) {
    let seen = "";
    const settle = () => {
      const box = map.getContainer();
      const size = box.clientWidth + "x" + box.clientHeight;
      if (!box.clientWidth || !box.clientHeight || size === seen) return;
      seen = size;
      map.invalidateSize({ animate: false, pan: ground.moved });
      if (options.fit && !ground.moved) {
        const view = homeView(map);
        map.setView(view.center, view.zoom, { animate: false });
      }
      ground.laid = true;
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((kind) =>
      map.getContainer().addEventListener(kind, (event) => {
        if (!event.target.closest || !event.target.closest(".leaflet-control")) ground.moved = true;
      }, { passive: true, capture: true }));
    if (window.ResizeObserver) new ResizeObserver(settle).observe(map.getContainer());
    window.addEventListener("resize", settle);
    settle();
  }

  Atlas.home = function () {
    if (!ground) return;
    ground.moved = false;
    const view = homeView(ground.map);
    if (still()) ground.map.setView(view.center, view.zoom, { animate: false });
    else ground.map.flyTo(view.center, view.zoom, { duration: 0.8 });
  };

  /* The whole country, with room at the foot for the line of the live layer and the credit, and on the right for
     the legend, so that neither hides land or the name of an archipelago. */
  const LEGEND = 235, NAME = 289, HOANG_SA = 112.2, COUNTRYWIDE = 0.6;
  function homeView(map) {
    const home = L.latLngBounds(ground.options.country), size = map.getSize();
    const foot = size.x < 520 ? 76 : 44;
    let zoom = map.getBoundsZoom(home, false, L.point(0, foot));
    if (size.x >= 520) {
      const degree = (size.x - NAME) / (HOANG_SA - home.getWest());
      zoom = Math.min(zoom, Math.floor(Math.log2((degree * 360) / 256) * 10) / 10);
    }
    const corner = map.project(home.getNorthWest(), zoom), far = map.project(home.getSouthEast(), zoom);
    const spare = Math.max(0, size.x - (far.x - corner.x));
    const left = (spare - Math.min(spare, LEGEND)) / 2;
    const top = Math.max(0, (size.y - foot - (far.y - corner.y)) / 2);
    return { zoom: zoom, center: map.unproject(L.point(corner.x - left + size.x / 2, corner.y - top + size.y / 2), zoom) };
  }

  /* How high a legend in the north-east may be: down to the first island of Trường Sa, or past it where the map is wide. */
  const SONG_TU_TAY = [11.43, 114.5];
  Atlas.legendRoom = function (map, width) {
    const size = map.getSize(), view = homeView(map);
    const island = map.project(L.latLng(SONG_TU_TAY), view.zoom).subtract(map.project(view.center, view.zoom)).add(size.divideBy(2));
    return island.x + 45 < size.x - width || size.x < 520 ? size.y - 120 : Math.max(160, island.y - 20);
  };

  const still = () => !ground.map.getContainer().clientWidth ||
    Boolean(window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches);

  function fly(map, bounds) {
    /* The legend stands in the east: what is looked at comes to rest beside it. */
    const beside = map.getSize().x >= 560 ? LEGEND : 0;
    const options = { maxZoom: 9, duration: 0.8, paddingTopLeft: [36, 36], paddingBottomRight: [36 + beside, 36] };
    /* A view of nearly the whole country is the first view, which shows and names both archipelagos. */
    if (map.getBoundsZoom(bounds, false, L.point(72 + beside, 72)) < homeView(map).zoom + COUNTRYWIDE) return Atlas.home();
    if (still()) map.fitBounds(bounds, Object.assign(options, { animate: false }));
    else map.flyToBounds(bounds, options);
  }
  Atlas.fly = fly;

  function controls(map, options) {
    const words = options.words;
    const Buttons = L.Control.extend({
      options: { position: map.getContainer().clientWidth < 520 ? "topright" : "bottomright" },
      onAdd: function () {
        const bar = Atlas.element("div", "leaflet-bar atlas-buttons");
        const button = (sign, label, act, kind) => {
          const made = Atlas.element("button", "atlas-button" + (kind || ""), sign);
          made.type = "button";
          made.title = label;
          made.setAttribute("aria-label", label);
          made.addEventListener("click", act);
          bar.appendChild(made);
          return made;
        };
        button("+", words.zoom_in, () => { ground.moved = true; map.zoomIn(); }, " atlas-zoom");
        button("−", words.zoom_out, () => { ground.moved = true; map.zoomOut(); }, " atlas-zoom");
        button("⌂", words.home, Atlas.home);
        if (document.fullscreenEnabled) {
          button("⛶", words.fullscreen, () => {
            if (document.fullscreenElement) document.exitFullscreen();
            else map.getContainer().requestFullscreen();
          });
        }
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      },
    });
        const credit = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(map);
    const note = Atlas.element("span", "");
    if (words.credit_note) note.append(Atlas.element("span", "atlas-credit-long", words.credit_note + " · "));
    note.append(words.credit);
    credit.addAttribution(note.innerHTML);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 90 }).addTo(map);
    map.addControl(new Buttons());
  }

  function draw(map, options) {
    const colours = options.colours, from = options.shapes;
    const still = { interactive: false, smoothFactor: 0.6 };
    const area = (pane, style) => Object.assign({ pane: pane, style: Object.assign({ stroke: false }, style) }, still);
    const wanted = [from.context, from.province, from.region, from.islands].map(Atlas.shapes);
    Promise.all(wanted).then(([context, provinces, regions, islands]) => {
      if (!options.tiles) {
        const coast = { fillColor: colours.neighbours, fillOpacity: 1, stroke: true, color: colours.coast, weight: 0.6 };
        L.geoJSON(context, area("atlas-context", coast)).addTo(map);
        L.geoJSON(provinces, area("atlas-land", { fillColor: colours.land, fillOpacity: 1 })).addTo(map);
      }
      L.geoJSON(provinces, area("atlas-borders", { fill: false, stroke: true, color: colours.province, weight: 0.8 })).addTo(map);
      L.geoJSON(regions, area("atlas-borders", { fill: false, stroke: true, color: colours.region, weight: 1.5 })).addTo(map);
      drawIslands(map, islands);
      provinces.features.forEach((feature) => addName(map, feature.properties));
      const place = () => placeNames(map);
      map.on("zoomend", place);
      place();
      if (document.fonts && document.fonts.load) document.fonts.load('600 12px "Be Vietnam Pro"').then(place, place);
      map.getContainer().setAttribute("data-ground", "drawn");
    }).catch(() => complain(map, options));
  }

  /* Without outlines there is no map: say so, and let the user ask again. */
  function complain(map, options) {
    const box = Atlas.element("div", "atlas-complaint");
    box.appendChild(Atlas.element("p", "", options.words.shapes_failed));
    const again = Atlas.element("button", "atlas-retry", options.words.retry);
    again.addEventListener("click", () => { box.remove(); draw(map, options); });
    box.appendChild(again);
    L.DomEvent.disableClickPropagation(box);
    map.getContainer().appendChild(box);
  }

  function textMarker(className, latlng, text, anchor) {
    const icon = L.divIcon({ className: "atlas-name " + className, iconSize: null, html: Atlas.element("span", "", text) });
    const marker = L.marker(latlng, { icon: icon, interactive: false, keyboard: false, pane: anchor || "atlas-names" });
    return marker;
  }

  function drawIslands(map, islands) {
    islands.features.forEach((feature) => {
      const at = [feature.geometry.coordinates[1], feature.geometry.coordinates[0]];
      const name = Atlas.nameOf(feature.properties);
      if (feature.properties.kind === "label") {
        const marker = textMarker("atlas-archipelago", at, name).addTo(map);
        ground.names.push({ marker: marker, at: L.latLng(at), text: name, fixed: true, size: 11.5, wrap: 15 });
        return;
      }
      ground.islands.push(L.latLng(at));
      L.circleMarker(at, { pane: "atlas-islands", radius: 2, weight: 1, color: "#3f5a70", fillColor: "#fbfaf6", fillOpacity: 1, interactive: false }).addTo(map);
      const marker = textMarker("atlas-island", at, name).addTo(map);
      ground.names.push({ marker: marker, at: L.latLng(at), text: name, from: 7.5, size: 11, beside: true, rank: 500 });
    });
  }

  function addName(map, properties) {
    const text = Atlas.nameOf(properties);
    const marker = textMarker("atlas-province", properties.label, text).addTo(map);
    ground.names.push({ marker: marker, at: L.latLng(properties.label), text: text, rank: properties.rank, wrap: 9 });
  }

  /* Names that do not overlap: archipelagos always, then cities, then provinces by size; more as one zooms in. */
  const pen = document.createElement("canvas").getContext("2d");
  function lines(text, most) {
    if (!most || text.length <= most) return [text];
    const bracket = text.indexOf(" (");
    if (bracket > 0) return [text.slice(0, bracket), text.slice(bracket + 1)];
    const words = text.split(" ");
    let best = [text], width = Infinity;
    for (let cut = 1; cut < words.length; cut += 1) {
      const pair = [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
      const longest = Math.max(pair[0].length, pair[1].length);
      if (longest < width) { best = pair; width = longest; }
    }
    return best;
  }

  /* Where a name may stand, in its own widths and heights from its point; the first free place is taken. */
  const PLACES = [[0, 0], [0.15, 0], [0, -0.55], [0, 0.55], [-0.3, 0], [0.3, 0], [-0.3, -0.5], [0.3, -0.5], [-0.3, 0.5], [0.3, 0.5]];
  const WIDER = [[0, 0], [0, 0.9], [0, -0.9], [0, 1.3], [0, -1.3], [0.7, 0], [-0.7, 0], [0.3, 1.1], [0.3, -1.1], [0.7, 0.9], [0.7, -0.9]];
  const meet = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

  function placeNames(map) {
    const zoom = map.getZoom();
    const islands = ground.islands.map((at) => map.project(at, zoom)).map((p) => [p.x - 3, p.y - 3, p.x + 3, p.y + 3]);
    const taken = [], view = map.getPixelBounds(map.getCenter(), zoom), large = map.getSize().x >= 1000 ? 1.5 : 0;
    const order = ground.names.slice().sort((a, b) => (b.fixed ? 1 : 0) - (a.fixed ? 1 : 0) || a.rank - b.rank);
    order.forEach((name) => {
      const element = name.marker.getElement();
      if (!element) return;
      const size = large + (name.size || (zoom < 6 ? 10.5 : zoom < 7 ? 11.5 : zoom < 8.5 ? 13 : 15));
      const found = (name.from || 0) <= zoom ? freePlace(name, size, zoom, map.project(name.at, zoom), taken, islands, view) : null;
      element.style.display = found ? "" : "none";
      if (!found) return;
      taken.push(found.box);
      const span = element.firstChild;
      span.style.fontSize = size + "px";
      span.style.left = found.dx + "px";
      span.style.top = found.dy + "px";
      span.textContent = found.lines.join("\n");
      element.classList.toggle("atlas-beside", Boolean(name.beside));
    });
  }

  /* Archipelagos always get a place: the one that hides fewest of their islands. */
  function freePlace(name, size, zoom, at, taken, islands, view) {
    pen.font = "600 " + size + "px " + FONT;
    const shapes = [lines(name.text, zoom < 8.5 || name.fixed ? name.wrap : 0)];
    if (shapes[0].length > 1 && !name.fixed) shapes.push([name.text]);
    const cut = (box) => view.contains(at) && (box[0] < view.min.x || box[2] > view.max.x || box[1] < view.min.y);
    let best = null, fewest = Infinity;
    for (const written of shapes) {
      const width = Math.max(...written.map((line) => pen.measureText(line).width)) + 4;
      const height = written.length * size * 1.16 + 2;
      for (const [right, down] of name.fixed ? WIDER : name.beside ? [[0, 0]] : PLACES) {
        const dx = right * width, dy = down * height;
        const left = (name.beside ? at.x + 5 : at.x - width / 2) + dx, top = at.y - height / 2 + dy;
        const box = [left, top, left + width, top + height];
        const hidden = name.fixed ? islands.filter((island) => meet(box, island)).length + (cut(box) ? 99 : 0) : cut(box) || taken.some((other) => meet(box, other)) ? Infinity : 0;
        if (hidden < fewest) { fewest = hidden; best = { box: box, dx: dx, dy: dy, lines: written }; }
        if (!hidden) return best;
      }
    }
    return best;
  }
})();
