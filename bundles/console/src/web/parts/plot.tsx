import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { clockText, figure } from '../format';
import type { Figure, Sample } from '../model';

export interface Line {
  readonly figure: Figure;
  readonly title: string;
  /** Number of the colour. */
  readonly colour: 1 | 2 | 3;
}

interface PlotProps {
  readonly title: string;
  readonly unit: string;
  readonly lines: readonly Line[];
  readonly samples: readonly Sample[];
  readonly height?: number;
}

/** Figures over time. The last ones are there as text; the canvas is for the eyes alone. */
export function Plot({ title, unit, lines, samples, height = 150 }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const last = samples.at(-1)?.figures;
  const data = dataOf(lines, samples);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const theme = window.matchMedia('(prefers-color-scheme: dark)');
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(lines, element, height), dataOf(lines, samples), element);
    };
    draw();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    theme.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      theme.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
    // Made once for its lines; the data comes below.
  }, [lines, height]);

  useEffect(() => plot.current?.setData(data), [samples]);

  return (
    <figure class="plot">
      <figcaption>
        <span class="title">
          {title} <span class="unit">{unit}</span>
        </span>
        <span class="legend">
          {lines.map(({ figure: name, title: text, colour }) => (
            <span key={name} class={`key colour${colour}`}>
              {text} <b>{figure(last?.[name])}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} class="canvas" aria-hidden="true" />
    </figure>
  );
}

/** A point between two gaps, where no line leads to. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (index: number): boolean => typeof values[index] === 'number';
  return Array.from(values, (_, index) => index).filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  );
}

function dataOf(lines: readonly Line[], samples: readonly Sample[]): uPlot.AlignedData {
  const times = samples.map(({ time }) => time / 1000);
  return [times, ...lines.map(({ figure: name }) => samples.map(({ figures }) => figures[name]))];
}

function optionsOf(lines: readonly Line[], element: HTMLElement, height: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { ...axis, space: 70, size: 26, values: (_plot, ticks) => ticks.map(clockText) },
      { ...axis, size: 46, values: (_plot, ticks) => ticks.map(figure) },
    ],
    series: [
      {},
      ...lines.map(({ title, colour: number }) => ({
        label: title,
        stroke: colour(`--plot${number}`),
        width: 1.5,
        points: { size: 4, filter: (plot: uPlot, index: number) => lonely(plot.data[index] ?? []) },
        spanGaps: false,
      })),
    ],
  };
}
