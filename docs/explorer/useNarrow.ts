import { onMounted, onUnmounted, ref, type Ref } from "vue";

/** Whether the window has room for one column only. */
export function useNarrow(): Ref<boolean> {
  const narrow = ref(false);
  let query: MediaQueryList | undefined;
  const update = () => (narrow.value = query!.matches);
  onMounted(() => {
    query = matchMedia("(max-width: 960px)");
    update();
    query.addEventListener("change", update);
  });
  onUnmounted(() => query?.removeEventListener("change", update));
  return narrow;
}
