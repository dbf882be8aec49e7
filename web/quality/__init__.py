"""How colleagues review how complaints were treated: draw, read blind, say what came out."""
