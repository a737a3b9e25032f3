// Draws what {% chart %} declares. Words of users become data only: no formatter here ever returns markup.
window.kitCharts = (() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = () => document.documentElement.lang || "en";
  const palette = () => [css("--green"), css("--next"), css("--amber"), css("--ink-2"), css("--red")];

  const say = (spec) => (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (spec.unit === "%") return new Intl.NumberFormat(language(), {maximumFractionDigits: 1}).format(value * 100) + " %";
    const figure = new Intl.NumberFormat(language(), {maximumFractionDigits: 2}).format(value);
    return spec.unit ? `${figure} ${spec.unit}` : figure;
  };

  const common = (spec) => ({
    animation: false,
    color: palette(),
    textStyle: {fontFamily: css("--tblr-font-sans-serif"), color: css("--ink-2"), fontSize: 12},
    aria: {enabled: true, label: {enabled: false}, decal: {show: spec.series.length > 1 && spec.kind !== "line"}},
    tooltip: {
      renderMode: "richText", trigger: spec.kind === "wheel" ? "item" : "axis", confine: true, valueFormatter: say(spec),
      backgroundColor: css("--raised"), borderColor: css("--line-2"), textStyle: {color: css("--ink"), fontSize: 12},
      axisPointer: {type: spec.kind === "line" ? "line" : "shadow", shadowStyle: {opacity: 0.08}, lineStyle: {color: css("--line-2")}},
    },
    legend: {
      show: spec.series.length > 1, top: 0, left: 0, itemWidth: 14, itemHeight: 10, icon: spec.kind === "line" ? undefined : "roundRect",
      textStyle: {color: css("--ink"), fontSize: 12},
    },
  });

  const limitLine = (spec) => spec.limit === null ? undefined : {
    symbol: "none", silent: true, animation: false,
    lineStyle: {color: css("--ink"), type: [5, 4], width: 1.25},
    label: {
      formatter: `${spec.limitLabel} ${say(spec)(spec.limit)}`.trim(), color: css("--ink"), fontSize: 11,
      position: spec.horizontal ? "start" : "insideEndTop", backgroundColor: css("--surface"), padding: [1, 3], borderRadius: 3,
    },
    data: [spec.horizontal ? {xAxis: spec.limit} : {yAxis: spec.limit}],
  };

  // Names of bars: every one, in lines of whole words; where a word is too wide, cut short if they are few, else every so many.
  const namesFit = (spec, room, each) => {
    if (spec.horizontal) return {width: Math.min(140, Math.floor(room * 0.35)), overflow: "truncate", interval: 0};
    const longest = Math.max(...spec.categories.flatMap((name) => String(name).split(/\s+/)).map((word) => word.length)) * 7;
    if (spec.kind === "line" || (longest > each && spec.categories.length > 8)) return {hideOverlap: true, interval: "auto"};
    return {width: each, overflow: longest > each ? "truncate" : "break", interval: 0};
  };

  const axes = (spec, room) => {
    const each = Math.max(Math.floor((room - 60) / Math.max(spec.categories.length, 1)) - 6, 24);
    const names = {
      type: "category", data: spec.categories, axisTick: {show: false}, axisLine: {lineStyle: {color: css("--line-2")}},
      axisLabel: {color: css("--ink-2"), ...namesFit(spec, room, each)},
      inverse: spec.horizontal, boundaryGap: spec.kind !== "line",
    };
    const largest = Math.max(spec.limit ?? 0, 0);
    const figures = {
      type: "value", splitNumber: 4, splitLine: {lineStyle: {color: css("--line")}},
      axisLabel: {color: css("--ink-2"), formatter: say({unit: spec.unit === "%" ? "%" : ""}), hideOverlap: true},
      interval: spec.maximum === 1 ? 0.25 : undefined,
      max: spec.maximum ?? ((range) => (range.max < largest ? largest * 1.15 : null)),
    };
    return spec.horizontal ? {xAxis: figures, yAxis: names} : {xAxis: names, yAxis: figures};
  };

  // What is below zero speaks against: the other side says so, and the colour as well.
  const belowZero = (spec) => (value) => value === null || value >= 0 ? value
    : {value, itemStyle: {color: css("--red"), borderRadius: spec.horizontal ? [3, 0, 0, 3] : [0, 0, 3, 3]}};

  const flat = (spec, room) => ({
    ...common(spec), ...axes(spec, room),
    grid: {left: 4, right: spec.horizontal && spec.limit !== null ? 56 : 16, top: spec.series.length > 1 ? 36 : 20, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel"},
    series: spec.series.map((series, place) => {
      const line = spec.kind === "line" || series.line;
      return {
        name: series.name, data: line || spec.series.length > 1 ? series.values : series.values.map(belowZero(spec)), type: line ? "line" : "bar",
        stack: spec.kind === "stacked" && !line ? "all" : undefined, barMaxWidth: 26,
        itemStyle: line ? undefined : {borderRadius: spec.kind === "stacked" ? 0 : spec.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0]},
        symbol: ["circle", "rect", "triangle", "diamond"][place % 4], symbolSize: series.dashed ? 0 : 6, connectNulls: false,
        lineStyle: line ? {width: 2, type: series.dashed ? "dashed" : "solid"} : undefined,
        areaStyle: spec.kind === "line" && spec.series.length === 1 ? {opacity: 0.1} : undefined,
        markLine: place === 0 ? limitLine(spec) : undefined,
      };
    }),
  });

  const wheel = (spec, room) => ({
    ...common(spec),
    polar: {radius: ["14%", room < 420 ? "48%" : "74%"], center: ["50%", "54%"]},
    angleAxis: {
      type: "category", data: spec.categories, startAngle: 90, axisTick: {show: false}, axisLine: {lineStyle: {color: css("--line-2")}},
      axisLabel: {color: css("--ink"), fontSize: room < 420 ? 11 : 12, width: room < 420 ? 84 : 110, overflow: "break"}, splitLine: {show: true, lineStyle: {color: css("--line")}},
    },
    radiusAxis: {min: 0, max: spec.maximum ?? 1, splitNumber: 4, axisLabel: {show: false}, axisLine: {show: false}, axisTick: {show: false}, splitLine: {lineStyle: {color: css("--line")}}},
    series: spec.series.map((series, place) => place === 0
      ? {name: series.name, type: "bar", coordinateSystem: "polar", data: series.values, barCategoryGap: "18%"}
      : {name: series.name, type: "line", coordinateSystem: "polar", data: [...series.values, series.values[0]], symbolSize: 7, symbol: "diamond", lineStyle: {width: 2, type: "dashed"}}),
  });

  const build = (spec, node) => (spec.kind === "wheel" ? wheel : flat)(spec, node.clientWidth);
  const drawn = new Map();
  const sizes = new ResizeObserver((entries) => entries.forEach(({target}) => {
    const {chart, spec} = drawn.get(target) || {};
    if (!chart || chart.getWidth() === target.clientWidth) return;
    chart.resize();
    chart.setOption(build(spec, target), {notMerge: true});
  }));

  const draw = () => {
    for (const [node, {chart}] of drawn) {
      if (!node.isConnected) {
        chart.dispose();
        sizes.unobserve(node);
        drawn.delete(node);
      }
    }
    document.querySelectorAll("[data-chart]").forEach((node) => {
      if (drawn.has(node)) return;
      const spec = JSON.parse(node.dataset.chart);
      const chart = echarts.init(node, null, {renderer: "svg"});
      chart.setOption(build(spec, node));
      if (spec.links.length) {
        chart.on("click", ({dataIndex}) => {
          const to = spec.links[dataIndex];
          if (to && to.startsWith("/") && !to.startsWith("//")) location.assign(to);
        });
      }
      drawn.set(node, {chart, spec});
      sizes.observe(node);
    });
  };
  addEventListener("kit:theme", () => drawn.forEach(({chart, spec}, node) => chart.setOption(build(spec, node), {notMerge: true})));
  return {draw};
})();
