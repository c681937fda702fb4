/* Layers that hold figures: tinted areas, outlines, circles, diamonds, cells, legend, flight. */
(function () {
  "use strict";
  const Atlas = window.Atlas;
  const HATCH = "url(#atlas-no-figure)";

  /* A group that draws when it comes onto the map and forgets everything when it leaves. */
  Atlas.group = function (draw, clear) {
    const group = L.featureGroup();
    let here = false;
    group.on("add", () => { if (!here) { here = true; draw(group, () => here); } });
    group.on("remove", () => { here = false; group.clearLayers(); if (clear) clear(); });
    return group;
  };

  const property = (level) => (level === "region" ? "region_code" : "province_code");

  Atlas.areas = function (given) {
    const only = given.only ? new Set(given.only) : null;
    const chosen = new Set(given.selected);
    const key = property(given.level);
    return Atlas.group((group, here) => {
      Atlas.shapes(given.shapes).then((shapes) => {
        if (!here()) return;
        const style = (feature) => {
          const code = feature.properties[key];
          const place = given.classes[code];
          const out = given.plain || (only && !only.has(code));
          return {
            stroke: false,
            fillColor: out ? "#ffffff" : place === undefined ? HATCH : given.colours[place],
            fillOpacity: out ? 0 : given.opacity,
          };
        };
        L.geoJSON(shapes, {
          pane: "atlas-areas", style: style, smoothFactor: 0.6,
          onEachFeature: (feature, layer) => {
            const code = feature.properties[key];
            Atlas.answers(layer, { [key]: code });
            Atlas.tip(layer, [Atlas.nameOf(feature.properties)].concat(given.lines[code] || []));
            layer.on("mouseover", () => frame(group, layer, "atlas-hover"));
            layer.on("mouseout", () => unframe(group));
            layer.on("add", () => {
              const path = layer.getElement();
              if (path) path.setAttribute("data-code", code);
            });
            if (chosen.has(code)) {
              group.addLayer(L.geoJSON(feature, {
                pane: "atlas-selection", interactive: false, smoothFactor: 0.6,
                style: { fill: false, color: Atlas.ground_options().colours.selection, weight: 2.8 },
              }));
            }
          },
        }).eachLayer((layer) => group.addLayer(layer));
        Atlas.mark(group, "areas");
      }).catch(() => {}); /* the ground already says that the outlines are missing */
    });
  };

  /* A thin dark frame around what the pointer is over. */
  function frame(group, layer, className) {
    unframe(group);
    group._frame = L.polygon(layer.getLatLngs(), {
      pane: "atlas-selection", interactive: false, fill: false, weight: 1.8, color: Atlas.ground_options().colours.ink,
      smoothFactor: 0.6, className: className,
    }).addTo(group._map);
  }
  function unframe(group) {
    if (group._frame) group._frame.remove();
    group._frame = null;
  }
  Atlas.unframe = unframe;

  /* Tells tests and the page that a layer has been drawn. */
  Atlas.mark = function (group, name) {
    if (!group._map) return;
    group.on("remove", () => unframe(group));
    group._map.getContainer().setAttribute("data-" + name, String(Date.now()));
  };

  Atlas.outlines = function (given) {
    return Atlas.group((group) => {
      given.outlines.forEach((outline) => {
        const line = (colour, weight, interactive) => L.geoJSON(outline.geometry, {
          pane: "atlas-outlines", interactive: interactive, smoothFactor: 0.8,
          style: { color: colour, weight: weight, fill: false, lineJoin: "round" },
        });
        line("#ffffff", 6, false).eachLayer((layer) => group.addLayer(layer));
        line(outline.colour, 3, true).eachLayer((layer) => {
          Atlas.tip(layer, outline.lines);
          if (outline.key !== null) Atlas.answers(layer, { flow_key: outline.key });
          group.addLayer(layer);
        });
      });
      Atlas.mark(group, "outlines");
    });
  };

  Atlas.circles = function (given) {
    return Atlas.group((group) => {
      given.points.forEach((point) => {
        const circle = L.circleMarker(point.p, {
          pane: "atlas-circles", radius: point.r, color: "#ffffff", weight: 1.2, fillColor: point.c, fillOpacity: 0.78,
        });
        Atlas.tip(circle, point.t);
        if (point.k !== null) Atlas.answers(circle, { point_key: point.k });
        group.addLayer(circle);
      });
      Atlas.mark(group, "circles");
    });
  };

  Atlas.diamonds = function (given) {
    return Atlas.group((group) => {
      given.points.forEach((point) => {
        const body = Atlas.element("span", "atlas-diamond");
        body.style.borderColor = point.c;
        const whole = Atlas.element("span", "atlas-gate");
        whole.appendChild(body);
        if (point.n) whole.appendChild(Atlas.element("span", "atlas-gate-name", point.n));
        const marker = L.marker(point.p, {
          pane: "atlas-circles", icon: L.divIcon({ className: "atlas-gate-icon", iconSize: [14, 14], html: whole }),
          alt: point.n || "",
        });
        Atlas.tip(marker, point.t, { sticky: false, offset: [0, -8] });
        if (point.k !== null) Atlas.answers(marker, { point_key: point.k });
        group.addLayer(marker);
      });
      const names = () => group._map && group._map.getContainer().classList.toggle("atlas-gate-names", group._map.getZoom() >= 7);
      if (group._map) group._map.on("zoomend", names);
      names();
      Atlas.mark(group, "diamonds");
    });
  };

  Atlas.hexagons = function (given) {
    return Atlas.group((group) => {
      given.cells.forEach((cell) => {
        const drawn = L.polygon(cell.b, {
          pane: "atlas-hexagons", stroke: true, color: "#ffffff", weight: 0.5, fillColor: cell.c, fillOpacity: given.opacity,
          smoothFactor: 0,
        });
        Atlas.tip(drawn, cell.t);
        if (cell.k !== null) Atlas.answers(drawn, { cell_key: cell.k });
        group.addLayer(drawn);
      });
      Atlas.mark(group, "hexagons");
    });
  };

  Atlas.legend = function (given) {
    let control = null;
    return Atlas.group((group) => {
      const Legend = L.Control.extend({
        options: { position: given.position },
        onAdd: function () {
          const box = Atlas.element("details", "atlas-legend leaflet-bar");
          box.open = Atlas.legendOpen === undefined ? group._map.getContainer().clientWidth >= 520 : Atlas.legendOpen;
          box.addEventListener("toggle", () => { Atlas.legendOpen = box.open; });
          box.appendChild(Atlas.element("summary", "", Atlas.ground_options().words.legend));
          const inside = Atlas.element("div", "atlas-legend-body");
          inside.innerHTML = given.html; /* escaped by ui.legend, the only maker of this text */
          box.appendChild(inside);
          L.DomEvent.disableClickPropagation(box);
          L.DomEvent.disableScrollPropagation(box);
          return box;
        },
      });
      const map = group._map;
      control = new Legend();
      map.addControl(control);
      const fit = () => {
        const box = control && control.getContainer();
        if (box && map.getSize().x) box.style.maxHeight = Atlas.legendRoom(map, box.offsetWidth + 12) + "px";
      };
      map.on("resize", fit);
      fit();
      group.once("remove", () => map.off("resize", fit));
    }, () => { if (control) control.remove(); control = null; });
  };

  Atlas.focus = function (given) {
    return Atlas.group((group) => {
      if (Atlas.flown === given.token) return;
      const first = Atlas.flown === undefined;
      Atlas.flown = given.token;
      const map = group._map;
      if (!given.bounds) { if (!first) Atlas.home(); return; }
      if (Atlas.current) Atlas.current.moved = true;
      setTimeout(() => Atlas.fly(map, L.latLngBounds(given.bounds)), 30);
    });
  };
})();
