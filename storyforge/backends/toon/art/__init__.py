"""What toon draws: characters, props, places, weather and light, as paths on a raster.Canvas."""
