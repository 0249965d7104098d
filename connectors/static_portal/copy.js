"use strict";
// Puts a button on each piece of code that copies it. Without this script the code is whole.
(() => {
  const { copy, copied } = document.currentScript.dataset;
  if (!navigator.clipboard) return;
  addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll(".code")) {
      const name = box.previousElementSibling?.firstChild?.textContent.trim() ?? "";
      const button = document.createElement("button");
      const say = (word) => {
        button.textContent = word;
        button.setAttribute("aria-label", `${word}: ${name}`);
      };
      button.type = "button";
      say(copy);
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(box.querySelector("code").textContent);
        say(copied);
        setTimeout(say, 2000, copy);
      });
      box.append(button);
    }
  });
})();
