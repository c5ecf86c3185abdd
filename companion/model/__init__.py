"""What things are: frozen values that know no storage and no screen."""
