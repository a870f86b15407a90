"""What the faces share: who is acting, the clock, keeping a document, the shapes of JSON."""
