// Draws a dashboard of Grafana's form from Prometheus' answers: enough of it for a picture in the documents.
const PALETTE = ['#73bf69', '#f2cc0c', '#5794f2', '#ff780a', '#e02f44', '#b877d9', '#8ab8ff', '#fade2a', '#ffa6b0', '#96d98d'];
const NAMES = { green: '#73bf69', yellow: '#fade2a', orange: '#ff9830', red: '#f2495c', blue: '#5794f2', purple: '#b877d9' };
const COLUMN = 1272 / 24;
const ROW = 30;

const text = (parent, tag, words, className = '') => {
  const element = document.createElement(tag);
  element.textContent = words;
  element.className = className;
  parent.append(element);
  return element;
};

const short = value => {
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toFixed(1) + ' G';
  if (size >= 1e6) return (value / 1e6).toFixed(1) + ' M';
  if (size >= 1e4) return (value / 1e3).toFixed(0) + ' k';
  return size !== 0 && size < 0.01 ? value.toExponential(0) : String(+value.toFixed(size < 10 ? 2 : 0));
};

const written = (value, unit) => {
  if (unit === 'percentunit') return short(value * 100) + ' %';
  if (unit === 's') return value !== 0 && value < 1 ? short(value * 1000) + ' ms' : short(value) + ' s';
  if (unit === 'currencyUSD') return '$' + short(value);
  if (unit === 'bytes') return short(value) + 'B';
  if (unit === 'reqps') return short(value) + ' req/s';
  return short(value);
};

const named = (legend, metric) => legend ? legend.replace(/{{(\w+)}}/g, (all, label) => metric[label] ?? '') : 'value';

const colour = (defaults, value) => {
  const steps = defaults.thresholds?.steps ?? [];
  return NAMES[steps.filter(step => step.value === null || value >= step.value).at(-1)?.color] ?? NAMES.green;
};

// Colours of series: their own where the panel gives them some by their name.
const shades = (panel, series) => {
  const own = new Map(panel.fieldConfig.overrides.map(({ matcher, properties }) =>
    [matcher.options, NAMES[properties.find(({ id }) => id === 'color').value.fixedColor]]));
  return series.map((each, i) => own.get(each.name) ?? PALETTE[i % PALETTE.length]);
};

const asked = async (settings, target) => {
  const expr = target.expr.replace(/\$__rate_interval/g, settings.rate).replace(/\$\w+/g, '.*');
  const when = `start=${settings.start}&end=${settings.end}&step=${settings.step}`;
  const answer = await fetch(`${settings.prometheus}/api/v1/query_range?${when}&query=${encodeURIComponent(expr)}`);
  const { status, data, error } = await answer.json();
  if (status !== 'success') throw new Error(`${expr}: ${error}`);
  return data.result
    .filter(({ values }) => !target.instant || values.at(-1)[0] > settings.end - 10) // those that are there yet
    .map(({ metric, values }) => ({ name: named(target.legendFormat, metric).trim(), metric, values, value: values.at(-1) }));
};

const graph = (box, panel, series, settings, height) => {
  const { unit, custom, min, max } = panel.fieldConfig.defaults;
  const times = [];
  for (let t = settings.start; t <= settings.end; t += settings.step) times.push(t);
  const rows = series.map(each => {
    const known = new Map(each.values.map(([time, value]) => [Math.round((time - settings.start) / settings.step), +value]));
    return times.map((time, i) => Number.isFinite(known.get(i)) ? known.get(i) : null);
  });
  const stacked = custom.stacking?.mode === 'normal';
  if (stacked) {
    for (let i = 1; i < rows.length; i++) rows[i] = rows[i].map((value, t) => (value ?? 0) + (rows[i - 1][t] ?? 0));
  }
  const colours = shades(panel, series);
  const lines = colours.map(shade => ({
    stroke: shade, width: 1.2, points: { show: false },
    fill: stacked ? `color-mix(in srgb, ${shade} 45%, #181b1f)` : shade + '18' // no stack shines through another
  }));
  const axis = { stroke: '#9fa7b3', grid: { stroke: '#2c3235', width: 1 }, ticks: { show: false }, font: '10px system-ui' };
  new uPlot({
    width: box.clientWidth - 8, height, legend: { show: false }, cursor: { show: false },
    scales: { y: { range: (u, low, high) => [min ?? low, max ?? (high > 0 ? high * 1.1 : 1)] } },
    axes: [axis, { ...axis, size: 62, values: (u, ticks) => ticks.map(tick => written(tick, unit)) }],
    series: [{}, ...(stacked ? lines.toReversed() : lines)]
  }, [times, ...(stacked ? rows.toReversed() : rows)], box);
  legend(box, series.map((each, i) => [each.name, colours[i]]));
};

const legend = (box, entries) => {
  const line = text(box, 'div', '', 'legend');
  for (const [name, shade] of entries) {
    const entry = text(line, 'span', '');
    text(entry, 'i', '').style.background = shade;
    entry.append(name);
  }
};

const draw = {
  timeseries: graph,
  stat(box, panel, series) {
    const value = +series[0].value[1];
    const { unit } = panel.fieldConfig.defaults;
    text(box, 'div', written(value, unit), 'stat').style.color = colour(panel.fieldConfig.defaults, value);
  },
  bargauge(box, panel, series) {
    for (const each of series) {
      const line = text(box, 'div', '', 'line');
      text(line, 'b', each.name);
      const value = +each.value[1];
      const bar = text(text(line, 'div', ''), 'u', written(value, panel.fieldConfig.defaults.unit));
      bar.style.background = colour(panel.fieldConfig.defaults, value);
      bar.style.maxWidth = Math.min(100, value * 100) + '%';
    }
  },
  table(box, panel, series) {
    const table = text(box, 'table', '');
    for (const { metric, value } of series) {
      const row = text(table, 'tr', '');
      for (const cell of [...Object.values(metric), written(+value[1], panel.fieldConfig.defaults.unit)]) text(row, 'td', cell);
    }
  },
  'state-timeline'(box, panel, series, settings) {
    const states = panel.fieldConfig.defaults.mappings[0].options;
    for (const each of series) {
      const line = text(box, 'div', '', 'line');
      text(line, 'b', each.name);
      const bar = text(line, 'div', '', 'times');
      const all = settings.end - settings.start + settings.step;
      for (const [time, value] of each.values) {
        Object.assign(text(bar, 'u', '').style, {
          background: NAMES[states[value]?.color],
          left: 100 * (time - settings.start) / all + '%', width: 100 * settings.step / all + '%'
        });
      }
    }
    legend(box, Object.values(states).map(state => [state.text, NAMES[state.color]]));
  }
};

// Draws it, and says which panels found nothing.
window.render = async (dashboard, settings) => {
  document.querySelector('h1').textContent = dashboard.title;
  const grid = document.getElementById('grid');
  const empty = [];
  let bottom = 0;
  for (const panel of dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const box = text(grid, 'div', '', 'panel');
    Object.assign(box.style, { left: x * COLUMN + 2 + 'px', top: y * ROW + 2 + 'px', width: w * COLUMN - 4 + 'px', height: h * ROW - 4 + 'px' });
    text(box, 'h2', panel.title);
    bottom = Math.max(bottom, (y + h) * ROW);
    if (panel.type === 'row') continue;
    const series = (await Promise.all(panel.targets.map(target => asked(settings, target)))).flat();
    if (series.length === 0) empty.push(panel.title);
    else draw[panel.type](box, panel, series, settings, h * ROW - 58);
  }
  grid.style.height = bottom + 'px';
  return empty;
};
