"use strict";
// Filters the start page's cards. Without this script the list is whole and plain.
(() => {
  const search = document.getElementById("search");
  const facets = document.getElementById("facets");
  const query = document.getElementById("query");
  const cards = [...document.querySelectorAll(".card")];

  const chosen = (name) =>
    [...facets.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);

  const fits = (values, wanted) => !wanted.length || wanted.some((value) => values.includes(value));

  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const municipalities = chosen("municipality");
    const themes = chosen("theme");
    let count = 0;
    for (const card of cards) {
      const shown =
        words.every((word) => card.dataset.search.includes(word)) &&
        fits([card.dataset.municipality], municipalities) &&
        fits(card.dataset.theme.split(" "), themes);
      card.hidden = !shown;
      count += shown;
    }
    document.getElementById("count").textContent = count;
    document.getElementById("nothing").hidden = count > 0 || !cards.length;
  };

  const start = new URLSearchParams(location.hash.slice(1));
  query.value = start.get("q") ?? "";
  for (const box of facets.querySelectorAll('input[name="municipality"]')) {
    box.checked = box.value === start.get("m");
  }

  search.hidden = false;
  facets.hidden = false;
  facets.querySelector("details").open = matchMedia("(min-width: 56rem)").matches || start.has("m");
  search.addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", apply);
  facets.addEventListener("change", apply);
  facets.addEventListener("reset", () => setTimeout(apply));
  apply();
})();
