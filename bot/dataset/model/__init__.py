"""What goes into an export: whom consent covers, who is on which side, what raters agree on."""
