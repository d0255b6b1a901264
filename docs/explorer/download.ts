/** Offers a text as a file. */
export function download(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  // The click has taken hold of the file by the next task.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
