"""Use cases: verbs on the domain's nouns, each one transaction of what people do."""
