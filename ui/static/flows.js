/* Flows: curved ribbons that swell from the giver to the receiver and end in an arrow; ties without a direction are plain ribbons. Drawn in screen pixels. */
(function () {
  "use strict";
  const Atlas = window.Atlas;
  const STEPS = 24;
  const BEND = 0.16;

  /* Outline of one flow at a zoom, as latitudes and longitudes. */
  Atlas.ribbon = function (map, from, to, width, zoom, plain) {
    let a = map.project(L.latLng(from), zoom), b = map.project(L.latLng(to), zoom);
    const far = Math.max(a.distanceTo(b), 1e-6);
    const across = L.point((b.y - a.y) / far, -(b.x - a.x) / far);
    const middle = a.add(b).divideBy(2).add(across.multiplyBy(far * BEND));
    const at = (t) => a.multiplyBy((1 - t) * (1 - t)).add(middle.multiplyBy(2 * t * (1 - t))).add(b.multiplyBy(t * t));
    const head = Math.min(Math.max(8, width * 1.25), far * 0.45);
    const wing = Math.min(Math.max(4.2, width * 0.95), far * 0.3);
    const gap = Math.min(3, far * 0.05);
    const start = gap / far, end = 1 - gap / far, neck = plain ? end : Math.max(end - head / far, 0.3);
    const left = [], right = [];
    for (let step = 0; step <= STEPS; step += 1) {
      const t = start + ((neck - start) * step) / STEPS;
      const here = at(t), next = at(Math.min(t + 0.01, 1));
      const length = Math.max(here.distanceTo(next), 1e-9);
      const side = L.point((next.y - here.y) / length, -(next.x - here.x) / length);
      const half = Math.max(0.75, Math.min(width, far * 0.3) * (plain ? 0.4 : 0.16 + 0.34 * (step / STEPS)));
      left.push(here.add(side.multiplyBy(half)));
      right.push(here.subtract(side.multiplyBy(half)));
      if (step === STEPS && !plain) {
        left.push(here.add(side.multiplyBy(wing)), at(end));
        right.push(here.subtract(side.multiplyBy(wing)));
      }
    }
    return left.concat(right.reverse()).map((point) => map.unproject(point, zoom));
  };

  const calm = (layer, selected) => {
    const back = selected !== null && layer.flow.k !== selected;
    layer.setStyle({ fillOpacity: back ? 0.22 : 0.86, opacity: back ? 0.3 : 0.95 });
  };

  Atlas.flows = function (given) {
    let map = null, shape = null;
    return Atlas.group((group) => {
      map = group._map;
      const layers = given.flows.map((flow) => {
        const layer = L.polygon([], {
          pane: "atlas-flows", color: "#ffffff", weight: 0.7, fillColor: flow.c, fillOpacity: 0.86, smoothFactor: 0, noClip: true,
          className: "atlas-flow",
        });
        layer.flow = flow;
        Atlas.tip(layer, flow.t);
        if (flow.k !== null) Atlas.answers(layer, { flow_key: flow.k });
        layer.on("mouseover", () => {
          layers.forEach((other) => { if (other !== layer) other.setStyle({ fillOpacity: 0.2, opacity: 0.3 }); });
          layer.setStyle({ fillOpacity: 1, opacity: 1 });
          layer.bringToFront();
        });
        layer.on("mouseout", () => layers.forEach((other) => calm(other, given.selected)));
        return layer;
      });
      shape = () => {
        const zoom = map.getZoom();
        layers.forEach((layer) => layer.setLatLngs(Atlas.ribbon(map, layer.flow.a, layer.flow.b, layer.flow.w, zoom, given.plain)));
      };
      shape();
      layers.forEach((layer) => { group.addLayer(layer); calm(layer, given.selected); });
      const chosen = layers.find((layer) => given.selected !== null && layer.flow.k === given.selected);
      if (chosen) chosen.bringToFront();
      map.on("zoomend", shape);
      Atlas.mark(group, "flows");
    }, () => { if (map && shape) map.off("zoomend", shape); });
  };
})();
