// Light or dark as last chosen, before anything is painted.
"use strict";
document.documentElement.classList.add("scripted");
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* no storage: the system's choice holds */ }
