// The theme's own font would be 300 KB more; every system has one that reads well.
import theme from 'vitepress/theme-without-fonts'
import './style.css'

export default theme
