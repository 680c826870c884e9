"""`make splits`: how splits hold while a company grows and shrinks, beside the rule that drew them for each export."""
