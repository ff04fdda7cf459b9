// A host that can make room is asked for it, up to a height at which the actions stay in view.

const TALLEST_PX = 640;

export function watchHeight(panel, host) {
  let asked = 0;
  new ResizeObserver(() => {
    const wanted = Math.min(panel.scrollHeight, TALLEST_PX);
    if (wanted <= asked || wanted <= innerHeight) return;
    asked = wanted;
    host.resize?.(wanted);
  }).observe(panel);
}
