import { workInThread } from "./thread.ts";

workInThread();
