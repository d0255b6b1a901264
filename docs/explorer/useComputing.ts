import { onUnmounted, ref, type Ref } from "vue";

/** Milliseconds that a calculation may take before the page says that it computes. */
const NOTICEABLE = 200;

/** Whether a calculation takes so long that it should be said. */
export function useComputing(): { readonly shown: Ref<boolean>; start(): void; end(): void } {
  const shown = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  function end(): void {
    clearTimeout(timer);
    timer = undefined;
    shown.value = false;
  }
  onUnmounted(end);
  // A new input while it computes: it still does.
  return { shown, start: () => (timer ??= setTimeout(() => (shown.value = true), NOTICEABLE)), end };
}
