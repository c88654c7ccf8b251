const boats = await (await fetch('/api/boats')).json()
document.querySelector('main').textContent = `${location.pathname}: ${boats.join(', ')}`
