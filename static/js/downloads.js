// The file somebody has just asked for is fetched once it is written: data-begin is its address.

document.addEventListener("htmx:after:swap", () => {
  for (const element of document.querySelectorAll("[data-begin]")) {
    const link = document.createElement("a");
    link.href = element.dataset.begin;
    link.download = "";
    link.click();
    delete element.dataset.begin; // other parts of the page are swapped too
  }
});
