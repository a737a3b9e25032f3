// The parts of ECharts that charts.js uses: SVG only, a third of the whole library.
export {use, init, getInstanceByDom, version} from "echarts/core";
import {use} from "echarts/core";
import {BarChart, LineChart, PieChart, ScatterChart} from "echarts/charts";
import {
  AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, PolarComponent, TooltipComponent,
} from "echarts/components";
import {SVGRenderer} from "echarts/renderers";
use([
  BarChart, LineChart, PieChart, ScatterChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent,
  MarkLineComponent, PolarComponent, TooltipComponent, SVGRenderer,
]);
